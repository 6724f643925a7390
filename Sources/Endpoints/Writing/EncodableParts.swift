/// A member that is left out when it has no value.
struct OmittedIfNil<Value: Encodable>: Encodable, Omissible {
    let value: Value?

    init(_ value: Value?) {
        self.value = value
    }

    var isMissing: Bool { value == nil }

    func encode(to encoder: any Encoder) throws { try value?.encode(to: encoder) }
}

protocol Omissible {
    var isMissing: Bool { get }
}

/// A number as PostgreSQL writes it, which is also valid JSON.
struct JSONNumber: Encodable {
    let text: String

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// An object whose members have names that are known only when it is written.
struct NamedMembers: Encodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) { nil }
    }

    let members: [(name: String, value: any Encodable)]

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Name.self)
        for member in members { try container.encode(member.value, forKey: Name(stringValue: member.name)) }
    }
}
