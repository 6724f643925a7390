internal import HTTPMessages

/// Reads one object.
package final class ObjectReading<Object: Decodable, Value>: GraphReading {
    private let path: String
    /// Without any of the first `needed` the object is of no use.
    private let fields: [String]
    private let needed: Int
    private let read: (Object) throws -> Value
    private let done: (Value) throws -> Void
    private var refusedFields: Set<String> = []
    private var isRead = false

    init(
        _ path: String,
        fields: [String],
        needed: Int,
        reading read: @escaping (Object) throws -> Value,
        done: @escaping (Value) throws -> Void
    ) {
        self.path = path
        self.fields = fields
        self.needed = needed
        self.read = read
        self.done = done
    }

    package var call: GraphCall? {
        guard !isRead else { return nil }
        let optional = fields.dropFirst(needed).filter { !refusedFields.contains(GraphList.name(of: $0)) }
        let asked = fields.prefix(needed) + optional
        return GraphCall(
            path: path,
            parameters: .init([.init(name: "fields", value: asked.joined(separator: ","))]),
            kind: .objects,
            options: Retry.Options(neededFields: Array(fields.prefix(needed)), optionalFields: Array(optional))
        )
    }

    package func take(_ answer: GraphAnswer) throws {
        let value = try read(try answer.decode())
        isRead = true
        try done(value)
    }

    package func adapt(_ adaptation: Adaptation) {
        if case .withoutFields(let names) = adaptation { refusedFields.formUnion(names) }
    }
}

@available(*, unavailable)
extension ObjectReading: Sendable {}
