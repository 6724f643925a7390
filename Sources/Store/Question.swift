package import Model
package import Postgres

/// What a read route is asked of one account: answered with a list of rows.
package protocol Question: Sendable {
    /// The members of the answer's objects, in their order.
    var columns: [AnswerColumn] { get }
    /// How many rows the answer has at most; `nil` for as many as there are.
    var limit: Int? { get }
    /// Counts the changes of what the answer shows.
    func version(_ versions: DataVersions) -> DataVersion
    /// Reads the answer. The first row's first column tells what it stands for, as `AnswerHead` reads it; the other rows
    /// have NULL there, then the columns but those of `AnswerHead`'s days, then, if there is a limit, value and id of the
    /// row's `Position`.
    /// - Parameter rows: how many to read at most.
    func statement(of account: AdAccount.ID, rows: Int?) -> Query
}

/// A state of an account's data, as one number or several, each of which only grows.
package struct DataVersion: Sendable, Equatable, CustomStringConvertible {
    package let counters: [Int]

    package init(_ counters: Int...) {
        self.init(counters)
    }

    package init(_ counters: [Int]) {
        self.counters = counters
    }

    /// Reads `5.3`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...3).contains(parts.count), !parts.contains(nil) else { return nil }
        counters = parts.compactMap(\.self)
    }

    package var description: String { counters.map(String.init).joined(separator: ".") }

    /// SQL for a counter that is raised: by one, and to the time in milliseconds at least, so that a number which a lost commit
    /// had (a standby took over, a backup was restored) is not given again to another state.
    static func raised(_ column: String, if condition: String = "true") -> String {
        """
        CASE WHEN \(condition)
             THEN greatest(\(column) + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) ELSE \(column) END
        """
    }

    /// Whether anything in it is from before the other.
    package func isOlder(than other: DataVersion) -> Bool {
        zip(counters, other.counters).contains { $0 < $1 }
    }
}

/// Where a page ends and the next one begins: the last row's value in the order, and its id.
package struct Position: Sendable, Equatable {
    /// PostgreSQL's text of the value; `nil` where the row has none.
    package let value: String?
    package let id: String

    package init(value: String?, id: String) {
        self.value = value
        self.id = id
    }
}

/// What the rows of an answer stand for.
package struct AnswerHead: Sendable, Equatable {
    package let version: DataVersion
    /// The days that the metrics cover; `nil` when there are none yet, or the answer has no metrics.
    package let days: DayRange?
    /// The object that was asked for is there.
    package let hasSubject: Bool

    /// What a statement selects for it: `version|since|until|subject`, each SQL of type text or NULL.
    static func sql(
        version: String,
        since: String = "NULL",
        until: String = "NULL",
        hasSubject: String = "'t'"
    ) -> String {
        "\(version) || '|' || coalesce(\(since)::text, '') || '|' || coalesce(\(until)::text, '') || '|' || \(hasSubject)"
    }

    init?(_ text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4, let version = DataVersion(parts[0]) else { return nil }
        self.version = version
        if let since = Day(String(parts[1])), let until = Day(String(parts[2])) {
            days = DayRange(since: since, until: until)
        } else {
            days = nil
        }
        hasSubject = parts[3].hasPrefix("t")
    }
}
