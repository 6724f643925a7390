package import Model
internal import Postgres

/// The question of a read route about one account. Its answer is a list of rows.
package protocol Question: Sendable {
    /// The members of the answer's objects, in their order.
    var columns: [AnswerColumn] { get }
    /// Those that the answer also has of `comparedDays`.
    var comparedColumns: [AnswerColumn] { get }
    /// The days that the answer's days are compared with; `nil` for none.
    var comparedDays: DayRange? { get }
    /// How many rows the answer has at most; `nil` for as many as there are.
    var limit: Int? { get }
    /// What the account counts as conversions; `nil` for purchases. `Store.answer` sets it.
    var conversionEvent: ConversionEvent? { get set }
    /// With which kinds of answers it changes.
    var counters: [AnswerKind] { get }
    /// Reads the answer, as its `layout` has it.
    /// - Parameter rows: The most rows to read.
    func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement
}

/// The statement that reads an answer. Only the store can run it.
package struct AnswerStatement {
    let query: Query
}

extension Question {
    /// The state of the data that the answer shows.
    package func version(_ versions: DataVersions) -> DataVersion {
        DataVersion(counters.map { $0.count(versions) })
    }

    package var comparedColumns: [AnswerColumn] { [] }
    package var comparedDays: DayRange? { nil }

    var layout: AnswerLayout { AnswerLayout(columns, compared: comparedDays.map { ($0, comparedColumns) }) }

    /// The statement of an answer.
    /// - Parameter account: The parameter with the account's id.
    func answer(of account: String, _ head: AnswerHead.SQL, _ rows: RowsSQL) -> String {
        let version = counters.map { "a.\($0.counter)" }.joined(separator: " || '.' || ")
        return layout.statement(of: account, version: version, head, rows)
    }
}

/// A version of an account's data: one or more numbers that only grow.
package struct DataVersion: Sendable, Equatable, CustomStringConvertible {
    package let counters: [Int]

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
