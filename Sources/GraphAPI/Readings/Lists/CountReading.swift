internal import HTTPMessages

/// Asks how many rows a list has.
package final class CountReading: GraphReading {
    private let list: GraphList
    private let done: (Int?) -> Void
    private var triesLeft = 2
    private var isRead = false

    /// - Parameter done: takes the number, or `nil` when Facebook sends none.
    init(_ list: GraphList, done: @escaping (Int?) -> Void) {
        self.list = list
        self.done = done
    }

    package var call: GraphCall? {
        isRead ? nil : GraphCall(path: list.path, parameters: list.query(ListPosition(pageSize: 1)), kind: list.kind)
    }

    package func take(_ answer: GraphAnswer) throws {
        let total = try answer.read { document throws(GraphError) in try Page(document, list.path) }.total
        triesLeft -= 1
        guard total != nil || triesLeft == 0 else { return }
        isRead = true
        done(total)
    }

    package func adapt(_ adaptation: Adaptation) {}
}

@available(*, unavailable)
extension CountReading: Sendable {}
