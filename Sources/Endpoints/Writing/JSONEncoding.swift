/// Encodes small answers as JSON: members in the order of their declaration, and `null` for `nil`. `RowWriter` writes long
/// lists.
///
/// A value opens at most one container. Its bracket is closed once the value has encoded itself.
final class JSONEncoding: Encoder {
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]
    private let text: JSONText
    private var end: Unicode.Scalar?

    private init(_ text: JSONText) {
        self.text = text
    }

    static func bytes(of value: some Encodable) -> [UInt8] {
        let text = JSONText()
        do {
            try encode(value, to: text)
        } catch {
            preconditionFailure("no answer's encoding throws: \(error)")
        }
        return text.writer.bytes
    }

    fileprivate static func encode(_ value: some Encodable, to text: JSONText) throws {
        switch value {
        case let value as String: text.writer.value(value)
        case let value as Int: text.writer.value(value)
        case let value as Bool: text.writer.value(value)
        case let value as JSONNumber: text.writer.literal(value.text)
        default:
            let encoding = JSONEncoding(text)
            try value.encode(to: encoding)
            if let end = encoding.end { text.writer.close(end) }
        }
    }

    func container<Key>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        open("{", "}")
        return KeyedEncodingContainer(JSONMembers(text: text))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        open("[", "]")
        return JSONElements(text: text)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { JSONElements(text: text) }

    private func open(_ bracket: Unicode.Scalar, _ end: Unicode.Scalar) {
        precondition(self.end == nil, "a value opened two containers")
        text.writer.open(bracket)
        self.end = end
    }
}

/// The text so far, which all containers continue.
private final class JSONText {
    var writer = JSONWriter()
}

private struct JSONMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let codingPath: [any CodingKey] = []
    let text: JSONText

    func encode(_ value: some Encodable, forKey key: Key) throws {
        if let value = value as? any Omissible, value.isMissing { return }
        text.writer.name(key.stringValue)
        try JSONEncoding.encode(value, to: text)
    }

    func encodeNil(forKey key: Key) {
        text.writer.name(key.stringValue)
        text.writer.null()
    }

    // By default, a member without a value is left out.
    func encodeIfPresent(_ value: String?, forKey key: Key) throws { try encode(orNull: value, forKey: key) }
    func encodeIfPresent(_ value: Int?, forKey key: Key) throws { try encode(orNull: value, forKey: key) }
    func encodeIfPresent(_ value: Bool?, forKey key: Key) throws { try encode(orNull: value, forKey: key) }
    func encodeIfPresent<Value: Encodable>(_ value: Value?, forKey key: Key) throws {
        try encode(orNull: value, forKey: key)
    }

    private func encode(orNull value: (some Encodable)?, forKey key: Key) throws {
        guard let value else { return encodeNil(forKey: key) }
        try encode(value, forKey: key)
    }

    func nestedContainer<Nested>(keyedBy: Nested.Type, forKey: Key) -> KeyedEncodingContainer<Nested> { noNesting() }
    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { noNesting() }
    func superEncoder() -> any Encoder { noNesting() }
    func superEncoder(forKey key: Key) -> any Encoder { noNesting() }
}

/// The elements of a list, or a single value.
private struct JSONElements: UnkeyedEncodingContainer, SingleValueEncodingContainer {
    let codingPath: [any CodingKey] = []
    let text: JSONText
    private(set) var count = 0

    init(text: JSONText) {
        self.text = text
    }

    mutating func encode(_ value: some Encodable) throws {
        try JSONEncoding.encode(value, to: text)
        count += 1
    }

    mutating func encodeNil() {
        text.writer.null()
        count += 1
    }

    func nestedContainer<Nested>(keyedBy: Nested.Type) -> KeyedEncodingContainer<Nested> { noNesting() }
    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { noNesting() }
    func superEncoder() -> any Encoder { noNesting() }
}

private func noNesting() -> Never {
    preconditionFailure("answers consist of values, which encode themselves without nested containers")
}
