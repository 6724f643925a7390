package import Model

/// The version and coverage of the rows of an answer.
package struct AnswerHead: Sendable, Equatable {
    package let version: DataVersion
    /// The days that the metrics cover; `nil` when there are none yet, or the answer has no metrics.
    package let days: DayRange?
    /// The requested object exists.
    package let hasSubject: Bool
    /// The held days of the requested range; `nil` without a range.
    package let coverage: Coverage?
    /// What the account counts as conversions; `nil` for purchases.
    package let conversionEvent: ConversionEvent?
    /// `nil` without a comparison.
    package let compared: ComparedDays?
    /// `nil` unless requested.
    package let totals: TableTotals?
}

/// The days that the days of an answer are compared with.
package struct ComparedDays: Sendable, Equatable {
    package let days: DayRange
    package let coverage: Coverage
}

extension AnswerHead {
    /// The parts of a statement's head. Every text is SQL about `ad_accounts a`.
    struct SQL {
        struct Totals {
            /// The table `s`.
            var source: String
            var accountSpend: String
        }

        /// The days of the metrics; NULL for none.
        private(set) var since = "NULL"
        private(set) var until = "NULL"
        /// The level whose totals have these days. Its list is the table `l`.
        private var level: Level?
        /// Whether the requested object exists.
        var hasSubject = "true"
        /// The SELECT of the held days of each period, with a row for each day; empty without a range.
        var held: [(period: Period, sql: String)] = []
        /// Tables that the rows and their totals are made of. They may refer to those of `held`.
        var tables: [String] = []
        var totals: Totals?

        /// Metrics of requested days, of the totals stored with a level's objects, or neither.
        init(days: DayRange? = nil, totalsOf level: Level? = nil) {
            if let days {
                (since, until) = ("'\(days.since)'", "'\(days.until)'")
            } else if let level {
                self.level = level
                (since, until) = (Self.totalsSince, Self.totalsUntil)
            }
        }

        /// The days that the totals of the level cover. A level whose totals were never read has those of the account.
        static let totalsSince = "CASE WHEN l.list IS NULL THEN a.metrics_since ELSE l.since END"
        static let totalsUntil = "CASE WHEN l.list IS NULL THEN a.metrics_until ELSE l.until END"

        /// What is joined to `ad_accounts a`. One look at the list: as four subqueries it took a tenth of a small read.
        var joins: String {
            let list = level.map { level in
                "LEFT JOIN sync_lists l ON l.ad_account_id = a.id AND l.list = '\(SyncList.totals(level).rawValue)'"
            }
            let tables = held.map { period, _ in period.heldDays } + [totals?.source].compactMap(\.self)
            return ([list].compactMap(\.self) + tables.map { "CROSS JOIN \($0)" }).joined(separator: " ")
        }
    }
}
