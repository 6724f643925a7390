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
        let page: Page<IDObject> = try answer.decode()
        triesLeft -= 1
        guard page.summary?.totalCount != nil || triesLeft == 0 else { return }
        isRead = true
        done(page.summary?.totalCount)
    }

    package func adapt(_ adaptation: Adaptation) {}
}

@available(*, unavailable)
extension CountReading: Sendable {}

/// A row that is only counted.
private struct IDObject: Decodable {}
