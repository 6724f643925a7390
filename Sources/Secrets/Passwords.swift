internal import CSodium

/// Passwords. Only an Argon2id hash is stored.
package enum Passwords {
    /// 19 MiB and two passes: the minimum of OWASP's Password Storage Cheat Sheet. About 25 ms, which slows down
    /// guessing but not people.
    private static let memory = 19 << 20
    private static let passes: UInt64 = 2

    /// Longer ones are refused before they are hashed.
    package static let lengths = 12...1000

    /// The hash, with its salt and its parameters: `$argon2id$v=19$m=19456,t=2,p=1$…`.
    /// - Returns: `nil` when there is no memory for it.
    package static func hash(_ password: String) -> String? {
        guard sodium_init() >= 0 else { return nil }
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_strbytes()))
        let code = crypto_pwhash_str(&text, password, UInt64(password.utf8.count), passes, memory)
        return code == 0 ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }

    /// Whether the password is that of the hash. Without a hash, and with one that cannot be read, it takes as long and says no.
    package static func matches(_ password: String, _ hash: String?) -> Bool {
        guard sodium_init() >= 0 else { return false }
        let isMatch = crypto_pwhash_str_verify(hash ?? nobody, password, UInt64(password.utf8.count)) == 0
        return isMatch && hash != nil
    }

    /// A hash of the same parameters that no password has: its salt and its content are zeros.
    private static let nobody =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
}
