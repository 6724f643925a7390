package import Model
internal import Postgres

/// The version and coverage of the rows of an answer.
package struct AnswerHead: Sendable, Equatable {
    package let version: DataVersion
    /// The days that the metrics cover; `nil` when there are none yet, or the answer has no metrics.
    package let days: DayRange?
    /// The requested object exists.
    package let hasSubject: Bool
    /// The held days of the requested range; `nil` without a range.
    package let coverage: Coverage?
    /// `nil` unless requested.
    package let totals: TableTotals?

    /// Reads the first row of an answer, whose first column is
    /// `version|since|until|subject|held since|held until|complete|whole|hidden rows|hidden spend|account's spend`.
    /// - Returns: `nil` for a row that is no head.
    init?(_ row: borrowing Row, _ columns: [AnswerColumn]) {
        guard let text = row.optionalText(0) else { return nil }
        let parts = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 11, let version = DataVersion(parts[0]) else { return nil }
        self.version = version
        days = DayRange(parts[1], parts[2])
        hasSubject = parts[3].hasPrefix("t")
        coverage =
            parts[6].isEmpty
            ? nil
            : Coverage(
                held: DayRange(parts[4], parts[5]),
                wholeTo: Day(parts[7]),
                isComplete: parts[6] == "true"
            )
        guard !parts[8].isEmpty else {
            totals = nil
            return
        }
        var metrics: [(name: String, value: String?)] = []
        for (index, column) in columns.enumerated() where column.total != nil {
            metrics.append((column.name, row.optionalText(index + 1)))
        }
        let known = { (part: Int) in parts[part].isEmpty ? nil : parts[part] }
        totals = TableTotals(
            metrics: metrics,
            hiddenRows: parts[8],
            hiddenSpend: known(9),
            accountSpend: known(10)
        )
    }
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
        var hasSubject = "'t'"
        /// The SELECT of the held days, with a row for each requested day; `nil` without a range.
        var held: String?
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
            return [list, totals.map { "CROSS JOIN \($0.source)" }].compactMap(\.self).joined(separator: " ")
        }

        /// `since|until|complete|whole`
        var coverage: String { held == nil ? "'|||'" : Coverage.headSQL }

        /// `rows|spend|account's spend`
        var hidden: String {
            guard let totals else { return "'||'" }
            let spend = ["s.hidden_spend", totals.accountSpend].map { "coalesce(trim_scale(\($0))::text, '')" }
            return "(s.hidden_rows || '|' || \(spend[0]) || '|' || \(spend[1]))"
        }
    }
}

extension DayRange {
    fileprivate init?(_ since: String, _ until: String) {
        guard let since = Day(since), let until = Day(until) else { return nil }
        self.init(since: since, until: until)
    }
}
