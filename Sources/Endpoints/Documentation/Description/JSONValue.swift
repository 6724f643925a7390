/// A JSON value whose members keep their order, for the API's description.
enum JSONValue: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        let name: String
        let value: JSONValue
    }

    case object([Member])
    case array([JSONValue])
    case text(String)
    case number(Int)
    case flag(Bool)
    case null

    /// The value of a member; `nil` if there is no such member.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var list: [JSONValue] {
        guard case .array(let values) = self else { return [] }
        return values
    }

    var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    /// An object with more members; those without a value are left out.
    func adding(_ more: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members + more.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    init(members: [(String, JSONValue)]) {
        self = .object(members.map { Member(name: $0, value: $1) })
    }

    init(texts: [String]) {
        self = .array(texts.map { .text($0) })
    }

    /// The JSON text.
    var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}

extension JSONValue: CustomStringConvertible {
    var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(members: elements) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension JSONWriter {
    mutating func value(_ value: JSONValue) {
        switch value {
        case .object(let members):
            object { object in
                for member in members {
                    object.name(text: member.name)
                    object.value(member.value)
                }
            }
        case .array(let values):
            array { array in
                for value in values { array.value(value) }
            }
        case .text(let text): self.value(text)
        case .number(let number): self.value(number)
        case .flag(let flag): self.value(flag)
        case .null: self.value(nil as String?)
        }
    }
}
