internal import ASCII
internal import FoundationEssentials
internal import Secrets
internal import Store

/// The start of a page, as clients return it unchanged. It is signed, and valid only for the same question about the
/// same account.
struct CursorSigner {
    /// Bytes of the signature: enough that it cannot be guessed.
    private static let signatureLength = 16

    let key: [UInt8]
    /// The question to which the cursor belongs.
    let context: String

    func cursor(_ position: Position) -> String {
        let payload = Array((position.value.map { "=\($0)" } ?? "-").utf8)
        // The id goes first: it holds no line feed, and a value may.
        let message = Array("\(position.id)\n".utf8) + payload
        return base64URL(signature(of: message) + message)
    }

    /// - Returns: `nil` for a text that we did not write, or wrote for another question.
    func position(_ cursor: String) -> Position? {
        guard cursor.utf8.count < 8192, let bytes = bytes(base64URL: cursor), bytes.count > Self.signatureLength else {
            return nil
        }
        let message = Array(bytes[Self.signatureLength...])
        guard
            isSameSecret(
                Hexadecimal.text(signature(of: message)),
                Hexadecimal.text(Array(bytes[..<Self.signatureLength]))
            ),
            let lineFeed = message.firstIndex(of: UInt8(ascii: "\n")), lineFeed + 1 < message.count
        else { return nil }
        let id = String(decoding: message[..<lineFeed], as: UTF8.self)
        let value = String(decoding: message[(lineFeed + 2)...], as: UTF8.self)
        let position = Position(value: message[lineFeed + 1] == UInt8(ascii: "=") ? value : nil, id: id)
        // Base64 allows several spellings of the last letter; only one is accepted.
        return self.cursor(position) == cursor ? position : nil
    }

    private func signature(of message: [UInt8]) -> [UInt8] {
        Array(hmacSHA256(key: key, message: Array("\(context)\n".utf8) + message).prefix(Self.signatureLength))
    }
}

/// RFC 4648, section 5, without padding.
private func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}

private func bytes(base64URL text: String) -> [UInt8]? {
    guard !text.utf8.contains(where: { [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "=")].contains($0) }) else {
        return nil
    }
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    let padding = String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
    return Data(base64Encoded: standard + padding).map { Array($0) }
}
