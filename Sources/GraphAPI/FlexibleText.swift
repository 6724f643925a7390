/// A value that Facebook sends as a string, or now and then as a number.
///
/// Ids lie above 2^53, so a number is read as an integer wherever it is one, never by way of a double.
struct FlexibleText: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.text = text.withoutNUL
        } else if let number = try? container.decode(Int64.self) {
            text = String(number)
        } else {
            text = String(try container.decode(Double.self))
        }
    }
}

extension String {
    /// PostgreSQL's text cannot hold U+0000. (!) Not by characters: one may be hidden under a combining accent.
    var withoutNUL: String {
        utf8.contains(0) ? String(decoding: utf8.filter { $0 != 0 }, as: UTF8.self) : self
    }
}
