/// A JSON value whose members keep their order, for the API's description.
enum OrderedJSON: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        let name: String
        let value: OrderedJSON
    }

    case object([Member])
    case array([OrderedJSON])
    case text(String)
    case number(Int)
    case flag(Bool)
    case null

    /// The value of a member; `nil` if there is no such member.
    subscript(name: String) -> OrderedJSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    var list: [OrderedJSON] {
        guard case .array(let values) = self else { return [] }
        return values
    }

    var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    /// An object with more members; those without a value are left out.
    func adding(_ more: KeyValuePairs<String, OrderedJSON?>) -> OrderedJSON {
        .object(members + more.compactMap { name, value in value.map { Member(name: name, value: $0) } })
    }

    init(members: [(String, OrderedJSON)]) {
        self = .object(members.map { Member(name: $0, value: $1) })
    }

    init(texts: [String]) {
        self = .array(texts.map { .text($0) })
    }

    /// The JSON text.
    var bytes: [UInt8] { JSONEncoding.bytes(of: self) }
}

extension OrderedJSON: CustomStringConvertible {
    var description: String { String(decoding: bytes, as: UTF8.self) }
}

extension OrderedJSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    init(dictionaryLiteral elements: (String, OrderedJSON)...) { self.init(members: elements) }
    init(arrayLiteral elements: OrderedJSON...) { self = .array(elements) }
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self = .flag(value) }
}

extension OrderedJSON: Encodable {
    func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            try NamedMembers(members: members.map { ($0.name, $0.value) }).encode(to: encoder)
        case .array(let values): try values.encode(to: encoder)
        case .text(let text): try text.encode(to: encoder)
        case .number(let number): try number.encode(to: encoder)
        case .flag(let flag): try flag.encode(to: encoder)
        case .null:
            var container = encoder.singleValueContainer()
            try container.encodeNil()
        }
    }
}
