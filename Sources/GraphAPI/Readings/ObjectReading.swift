internal import HTTPMessages
internal import Model

/// Reads one object.
package final class ObjectReading<Value>: GraphReading {
    private let path: String
    /// Without any of the first `needed` the object is of no use.
    private let fields: [String]
    private let needed: Int
    private let noun: String
    private let read: (inout WireRow) throws(UnusableRow) -> Value
    private let done: (Value, [Defect]) throws -> Void
    private var refusedFields: Set<String> = []
    private var isRead = false

    init(
        _ path: String,
        noun: String,
        fields: [String],
        needed: Int,
        reading read: @escaping (inout WireRow) throws(UnusableRow) -> Value,
        done: @escaping (Value, [Defect]) throws -> Void
    ) {
        self.path = path
        self.noun = noun
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
        let (value, defects) = try answer.read { document throws(GraphError) -> (Value, [Defect]) in
            var row = WireRow(document, noun, refusedFields: refusedFields)
            do throws(UnusableRow) {
                return (try read(&row), row.defects)
            } catch {
                throw .unreadable("Facebook's response cannot be read: \(error.defect)")
            }
        }
        isRead = true
        try done(value, defects)
    }

    package func adapt(_ adaptation: Adaptation) {
        if case .withoutFields(let names) = adaptation { refusedFields.formUnion(names) }
    }
}

@available(*, unavailable)
extension ObjectReading: Sendable {}
