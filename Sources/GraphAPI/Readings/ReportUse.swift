/// How insights are read by way of a report that Facebook makes in the background.
package struct ReportUse {
    /// A report that was ordered before.
    package struct Earlier: Sendable, Equatable {
        package var id: String
        /// Its last known progress, and for how many seconds it has not changed.
        package var percent: Int
        package var idle: Double
        /// How many times a report of the same was ordered.
        package var orders: Int

        package init(id: String, percent: Int = 0, idle: Double = 0, orders: Int = 1) {
            self.id = id
            self.percent = percent
            self.idle = idle
            self.orders = orders
        }
    }

    /// From the start, as for large ranges; else only when Facebook does not answer at once.
    package var isWanted: Bool
    package var earlier: Earlier?
    /// Receives the id of each ordered report, so that a later run can continue with it, and `nil` when a report is no
    /// longer useful.
    package var ordered: (String?) throws -> Void
    /// Receives the fields that a report is ordered without, so that a later run knows what it lacks.
    package var refused: (Set<String>) throws -> Void
    /// Receives how many per cent of a report are made.
    package var advanced: (Int) throws -> Void
    /// Called while a report is not ready. An error that it throws ends the reading; a later run continues with the
    /// report.
    package var unready: () throws -> Void

    package init(
        isWanted: Bool = false,
        earlier: Earlier? = nil,
        ordered: @escaping (String?) throws -> Void = { _ in },
        refused: @escaping (Set<String>) throws -> Void = { _ in },
        advanced: @escaping (Int) throws -> Void = { _ in },
        unready: @escaping () throws -> Void = {}
    ) {
        self.isWanted = isWanted
        self.earlier = earlier
        self.ordered = ordered
        self.refused = refused
        self.advanced = advanced
        self.unready = unready
    }
}
