internal import FoundationEssentials

/// Any JSON value. For errors, which come in more shapes than a type could describe.
enum ErrorJSON: Decodable, Equatable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([ErrorJSON])
    case object([String: ErrorJSON])

    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// `nil` when the bytes are no JSON.
    init?(_ bytes: some Sequence<UInt8>) {
        guard let value = try? JSONDecoder().decode(ErrorJSON.self, from: Data(bytes)) else { return nil }
        self = value
    }

    init(from decoder: any Decoder) throws {
        if let members = try? decoder.container(keyedBy: Name.self) {
            let pairs = try members.allKeys.map {
                ($0.stringValue, try members.decode(ErrorJSON.self, forKey: $0))
            }
            self = .object(Dictionary(pairs) { first, _ in first })
            return
        }
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .list(try value.decode([ErrorJSON].self))
        }
    }

    var members: [String: ErrorJSON]? {
        if case .object(let members) = self { members } else { nil }
    }

    var text: String? {
        if case .text(let text) = self, !text.isEmpty { text } else { nil }
    }

    /// The JSON inside a text that may be encoded several times; the value itself if it is not such a text.
    var unwrapped: ErrorJSON {
        var value = self
        for _ in 0..<4 {
            guard case .text(let text) = value, let first = text.utf8.first(where: { $0 > 0x20 }),
                "{[\"".utf8.contains(first), let inner = ErrorJSON(text.utf8)
            else { break }
            value = inner
        }
        return value
    }

    /// `true` for `true`, 1, "1" and "true".
    var isTrue: Bool {
        switch self {
        case .flag(let flag): flag
        case .number(let number): number != 0
        case .text(let text): ["1", "true", "yes"].contains(text.lowercased())
        case .null, .list, .object: false
        }
    }

    /// Whether PHP would take it for false, as Facebook does.
    var isNothing: Bool {
        switch self {
        case .null: true
        case .flag(let flag): !flag
        case .number(let number): number == 0
        case .text(let text): text.isEmpty
        case .list(let elements): elements.isEmpty
        case .object: false
        }
    }

    /// A whole number, also one in a text: `190`, `"190"`, `"(#190)"`.
    var wholeNumber: Int? {
        switch self {
        case .number(let number): Int(exactly: number)
        case .text(let text): Int(text.trimmingPrefix { $0 == " " }) ?? ErrorText.code(in: text)
        default: nil
        }
    }
}
