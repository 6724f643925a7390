internal import HTTPMessages

/// Reads one object.
package final class ObjectReading<Object: Decodable, Value>: GraphReading {
    private let path: String
    private let fields: [String]
    private let read: (Object) throws -> Value
    private let done: (Value) throws -> Void
    private var isRead = false

    init(
        _ path: String,
        fields: [String],
        reading read: @escaping (Object) throws -> Value,
        done: @escaping (Value) throws -> Void
    ) {
        self.path = path
        self.fields = fields
        self.read = read
        self.done = done
    }

    package var call: GraphCall? {
        isRead
            ? nil
            : GraphCall(
                path: path,
                parameters: .init([.init(name: "fields", value: fields.joined(separator: ","))]),
                kind: .objects
            )
    }

    package func take(_ answer: GraphAnswer) throws {
        let value = try read(try answer.decode())
        isRead = true
        try done(value)
    }

    package func adapt(_ adaptation: Adaptation) {}
}

@available(*, unavailable)
extension ObjectReading: Sendable {}
