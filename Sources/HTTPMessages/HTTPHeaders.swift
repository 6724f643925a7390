/// Header fields in the order in which they were added; names compare without regard to case.
package struct HTTPHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package private(set) var fields: [Field] = []

    package struct Field: Sendable, Equatable {
        package let name: String
        package let value: String
    }

    package init() {}

    package init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements {
            add(name, value)
        }
    }

    /// Adds a field and keeps those of the same name. CR, LF and NUL in the value become spaces, so that no value can
    /// start another header.
    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name, value: Self.singleLine(value)))
    }

    /// The first value of a field; `nil` removes all fields of the name, a value replaces them.
    package subscript(name: String) -> String? {
        get { fields.first { Self.same($0.name, name) }?.value }
        set {
            fields.removeAll { Self.same($0.name, name) }
            if let newValue { add(name, newValue) }
        }
    }

    /// All values of a field.
    package func all(_ name: String) -> [String] { fields.filter { Self.same($0.name, name) }.map(\.value) }

    private static func same(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one.lowercased() == other.lowercased()
    }

    private static func singleLine(_ value: String) -> String {
        let breaks: [UInt8] = [0x0D, 0x0A, 0]
        guard value.utf8.contains(where: breaks.contains) else { return value }
        return String(decoding: value.utf8.map { breaks.contains($0) ? 0x20 : $0 }, as: UTF8.self)
    }
}
