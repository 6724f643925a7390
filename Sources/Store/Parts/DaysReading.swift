package import Model
internal import Postgres

/// Days of ads that were read, all of them staged.
package struct DaysReading: Sendable {
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
    /// Whether the ads of a day add up to the account.
    package var addsUp: @Sendable (_ account: DayTotals, _ ads: ResultsSum) -> Bool
    /// Names of Graph fields that Facebook refused: their columns stay as they are.
    package var refusedFields: Set<String>
    /// What is missing of the days. A day that is missing as a whole stays as it was.
    package var missing: [Missing] = []

    package init(
        list: SyncList,
        days: [Day],
        bases: [Day: String],
        refusedFields: Set<String>,
        addsUp: @escaping @Sendable (DayTotals, ResultsSum) -> Bool
    ) {
        self.list = list
        self.days = days
        self.bases = bases
        self.refusedFields = refusedFields
        self.addsUp = addsUp
    }

    /// The days that were read, in part or as a whole.
    var readDays: [Day] {
        days.filter { day in !missing.contains { $0.campaigns == nil && $0.days.contains(day) } }
    }
}

/// What several objects had together, as far as it must be what their account had.
package struct ResultsSum: Sendable, Equatable {
    package var spent: Money
    package var impressions: Int
    package var clicks: Int
    /// How many objects.
    package var rows: Int

    package init(spent: Money, impressions: Int, clicks: Int, rows: Int) {
        self.spent = spent
        self.impressions = impressions
        self.clicks = clicks
        self.rows = rows
    }

    /// Four columns.
    init(_ row: borrowing Row, from start: Int) throws {
        spent = Money(decimal: try row.text(start)) ?? .zero
        impressions = try row.integer(start + 1)
        clicks = try row.integer(start + 2)
        rows = try row.integer(start + 3)
    }
}
