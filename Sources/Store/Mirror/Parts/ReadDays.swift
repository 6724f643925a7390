package import Model
internal import Postgres

/// Days of ads that were read, all of them staged.
package struct ReadDays: Sendable {
    /// A part of a day that could not be read.
    package struct Missing: Sendable, Equatable {
        package var days: DayRange
        /// Ids of the campaigns whose ads are missing; `nil` for all.
        package var campaigns: [String]?
        /// Why: a sentence for people.
        package var error: String

        package init(days: DayRange, campaigns: [String]?, error: String) {
            self.days = days
            self.campaigns = campaigns
            self.error = error
        }
    }

    package var list: SyncList
    package var days: [Day]
    /// For each day what the account had on it as a whole when its ads were read: see `DayTotals.basis`.
    package var bases: [Day: String]
    /// Compares the ads of a day with the account.
    package var balance: @Sendable (_ account: DayTotals, _ ads: ResultsSum) -> Balance
    /// Days with rows that came damaged: they are read again.
    package var damagedDays: Set<Day>
    /// Days with rows that cannot be used. An ad without a row on such a day keeps the one that it has.
    package var leftOutDays: Set<Day>
    /// What is missing of the days. A day that is missing as a whole stays as it was.
    package var missing: [Missing] = []

    package init(
        list: SyncList,
        days: [Day],
        bases: [Day: String],
        damagedDays: Set<Day>,
        leftOutDays: Set<Day>,
        balance: @escaping @Sendable (DayTotals, ResultsSum) -> Balance
    ) {
        self.list = list
        self.days = days
        self.bases = bases
        self.damagedDays = damagedDays
        self.leftOutDays = leftOutDays
        self.balance = balance
    }

    /// Readings in a row that did not add up, after which a day has all the rows that Facebook has of it.
    static let mostDoubts = 6

    /// The days that were read, in part or as a whole.
    var readDays: [Day] {
        days.filter { day in !missing.contains { $0.campaigns == nil && $0.days.contains(day) } }
    }
}

/// What several objects had together, as far as it must be what their account had. A sum with an unknown part is unknown.
package struct ResultsSum: Sendable, Equatable {
    package var spent: Amount?
    package var impressions: Int?
    package var clicks: Int?
    /// How many objects.
    package var rows: Int

    package init(spent: Amount?, impressions: Int?, clicks: Int?, rows: Int) {
        self.spent = spent
        self.impressions = impressions
        self.clicks = clicks
        self.rows = rows
    }

    /// The four columns, of rows that have the metrics' columns. The sums over no row are 0.
    static let columns = """
        \(sum("spent")) AS spent, \(sum("impressions"))::bigint AS impressions, \(sum("clicks"))::bigint AS clicks,
        count(*) AS rows
        """

    private static func sum(_ column: String) -> String {
        "CASE WHEN count(*) = 0 THEN 0 ELSE \(StrictSum.of(column)) END"
    }

    /// Reads the four columns.
    init(_ row: borrowing Row, from start: Int) throws {
        spent = row.optionalText(start).flatMap { Amount(decimal: $0) }
        impressions = row.optionalInteger(start + 1)
        clicks = row.optionalInteger(start + 2)
        rows = try row.integer(start + 3)
    }
}
