internal import CSodium

extension GraphSimulator {
    /// Lower-case hex of HMAC-SHA256 with the secret as key over the token.
    ///
    /// Not with swift-crypto: that would compile BoringSSL, some 370 files, once more for the release build of the simulator.
    package static func proof(token: String, appSecret: String) -> String {
        let (key, message) = (Array(appSecret.utf8), Array(token.utf8))
        var state = crypto_auth_hmacsha256_state()
        var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_bytes()))
        crypto_auth_hmacsha256_init(&state, key, key.count)
        crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
        crypto_auth_hmacsha256_final(&state, &code)
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
