/// The order for a report on whose answer a child did not wait, because more urgent work came.
///
/// Facebook makes the report all the same, and its id is what the next slice of history needs. A host that is never idle and
/// a Facebook that takes seconds for an order would else never bring a report about.
final class LeftOrder {
    private var access: GraphAccess?
    private var leftAt = 0.0

    /// Seconds after which an answer is no longer waited for.
    private static let longest = 60.0

    var isOpen: Bool { access != nil }

    func leave(_ access: GraphAccess) {
        drop()
        guard access.awaitsOrder else { return }
        self.access = access
        leftAt = access.moment
    }

    /// Waits so many seconds for the answer, which is stored.
    func take(within seconds: Double) {
        guard let access else { return }
        if access.takeOrder(within: seconds) || access.moment - leftAt > Self.longest { drop() }
    }

    private func drop() {
        access?.dropOrder()
        access = nil
    }
}

@available(*, unavailable)
extension LeftOrder: Sendable {}
