internal import ASCII
internal import Crypto

/// SHA-256 of the bytes: 32 bytes.
package func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(SHA256.hash(data: Array(bytes)))
}

/// HMAC-SHA-256 in lower-case hex, as the Graph API wants it for `appsecret_proof`.
package func hmacSHA256(key: String, message: String) -> String {
    Hexadecimal.text(
        Array(HMAC<SHA256>.authenticationCode(for: Array(message.utf8), using: SymmetricKey(data: Array(key.utf8))))
    )
}

/// HMAC-SHA-256: 32 bytes.
package func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: key)))
}

/// Compares two secrets in a time that does not reveal where, or in length, they differ.
package func isSameSecret(_ one: String, _ other: String) -> Bool {
    // Digests of equal length; swift-crypto compares them in constant time.
    SHA256.hash(data: Array(one.utf8)) == SHA256.hash(data: Array(other.utf8))
}
