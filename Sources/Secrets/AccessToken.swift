internal import ASCII

/// A bearer token for programs. Only its SHA-256 is stored: 256 random bits need no slow hash.
package enum AccessToken {
    /// Makes secret scanners, and people, recognise one.
    package static let prefix = "adm_"

    package static func generate() -> String {
        prefix + randomHexadecimal(bytes: 32)
    }

    package static func hash(_ token: String) -> [UInt8] {
        sha256(token.utf8)
    }
}

/// Random bytes from the system's generator, as hex.
package func randomHexadecimal(bytes count: Int) -> String {
    var generator = SystemRandomNumberGenerator()
    return Hexadecimal.text((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
}
