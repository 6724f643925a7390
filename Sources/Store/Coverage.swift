package import Model

/// The held days of a requested range.
package struct Coverage: Sendable, Equatable {
    /// From the first to the last day that is held; `nil` when none is. Days between them may be missing.
    package let held: DayRange?
    /// Every requested day is held, and its ads add up to the account.
    package let isComplete: Bool

    package init(held: DayRange?, isComplete: Bool) {
        self.held = held
        self.isComplete = isComplete
    }
}

// In SQL, the table `held` has a row for each requested day: `day`, `is_held`, `is_complete`, and the account's
// `spent`.

extension Coverage {
    /// Whether the ads of a day `d` of `insights_days` were read. A day that had nothing needs no reading, and one with rows
    /// of ads was read.
    static let isHeld = """
        d.state = 'complete' OR d.basis IS NOT NULL OR EXISTS (
            SELECT FROM insights_daily i WHERE i.ad_account_id = d.ad_account_id AND i.day = d.day)
        """

    /// Days whose ads were read.
    static func ofAds(_ account: String, _ days: DayRange, _ values: inout Values) -> String {
        select(account, days, isHeld: isHeld, isComplete: "coalesce(d.state = 'complete', false)", &values)
    }

    /// Days for which Facebook returned the totals of the account.
    static func ofAccount(_ account: String, _ days: DayRange, _ values: inout Values) -> String {
        select(account, days, isHeld: "d.day IS NOT NULL", isComplete: "d.day IS NOT NULL", &values)
    }

    private static func select(
        _ account: String,
        _ days: DayRange,
        isHeld: String,
        isComplete: String,
        _ values: inout Values
    ) -> String {
        """
        SELECT g.day::date AS day, coalesce(\(isHeld), false) AS is_held, \(isComplete) AS is_complete, d.spent
        FROM generate_series(\(values.add(days.since, "date")), \(values.add(days.until, "date")), interval '1 day') g (day)
        LEFT JOIN insights_days d ON d.ad_account_id = \(account) AND d.day = g.day
        """
    }

    /// The tables that a statement with a range begins with.
    static func tables(held: String) -> String {
        """
        held AS MATERIALIZED (\(held)),
        held_days AS MATERIALIZED (SELECT coalesce(bool_or(is_held), false) AS is_held FROM held)
        """
    }

    /// `since|until|complete`
    static let headSQL = """
        (SELECT coalesce(min(h.day) FILTER (WHERE h.is_held)::text, '') || '|'
                || coalesce(max(h.day) FILTER (WHERE h.is_held)::text, '') || '|' || bool_and(h.is_complete)
         FROM held h)
        """

    /// The account's spend on the days whose ads are held, or on the days of the metrics stored with the objects.
    /// - Parameter level: The level of the metrics, which has its own days.
    static func spendOfAccount(_ account: String, level: Level, isRanged: Bool) -> String {
        guard !isRanged else { return "(SELECT \(StrictSum.of("h.spent")) FROM held h WHERE h.is_held)" }
        let (since, until) = (Store.totalsDay("since", of: level), Store.totalsDay("until", of: level))
        return """
            (SELECT CASE WHEN count(d.spent) = (\(until)) - (\(since)) + 1 THEN sum(d.spent) END FROM insights_days d
             WHERE d.ad_account_id = \(account) AND d.day BETWEEN (\(since)) AND (\(until)))
            """
    }
}
