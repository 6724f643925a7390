package import Model

/// The held days of a requested range.
package struct Coverage: Sendable, Equatable {
    /// From the first to the last day that is held; `nil` when none is. Days between them may be missing.
    package let held: DayRange?
    /// The last day that is held and was read after it had ended; `nil` when there is none. Later days will grow.
    package let wholeTo: Day?
    /// Every requested day is held and was read after it had ended, and its ads add up to the account.
    package let isComplete: Bool

    package init(held: DayRange?, wholeTo: Day?, isComplete: Bool) {
        self.held = held
        self.wholeTo = wholeTo
        self.isComplete = isComplete
    }
}

// In SQL, the table `held` has a row for each requested day: `day`, `is_held`, `is_whole`, `is_complete`, the account's
// `spent`, the campaigns `missing` of it, and whether it `lacks_rows`, so that an ad without a row may have had anything. If
// that is because rows could not be read (`lacks_parts`), a campaign or ad set with rows may lack some of them as well.

extension Coverage {
    /// Whether the ads of a day `d` of `insights_days` were read. A day that had nothing needs no reading, and one with rows
    /// of ads was read.
    static let isHeld = """
        d.state = 'complete' OR d.basis IS NOT NULL OR EXISTS (
            SELECT FROM insights_daily i WHERE i.ad_account_id = d.ad_account_id AND i.day = d.day)
        """

    /// Whether anything is known of what the account had on a day `d` of `insights_days`.
    static let isKnown = "num_nonnulls(d.spent, d.impressions, d.clicks) > 0"

    /// Whether a day `d` of `insights_days` had ended when the account's days were last read, and came with them. Every
    /// reading goes up to the day on which it is made.
    static func isWhole(of account: String) -> String {
        """
        (NOT d.is_unconfirmed AND d.day < coalesce(
            (SELECT l.until FROM sync_lists l
             WHERE l.ad_account_id = \(account) AND l.list = '\(SyncList.accountDays.rawValue)'),
            (SELECT max(n.day) FROM insights_days n WHERE n.ad_account_id = \(account))))
        """
    }

    /// Days whose ads were read.
    static func ofAds(_ account: String, _ days: DayRange, _ values: inout Values) -> String {
        select(
            account,
            days,
            isHeld: isHeld,
            isComplete: "d.state = 'complete'",
            missing: "d.missing_campaigns, d.lacks_rows, d.lacks_rows AND d.is_damaged",
            &values
        )
    }

    /// Days for which Facebook returned the totals of the account.
    static func ofAccount(_ account: String, _ days: DayRange, _ values: inout Values) -> String {
        select(account, days, isHeld: isKnown, isComplete: isKnown, missing: "'{}'::text[], false, false", &values)
    }

    private static func select(
        _ account: String,
        _ days: DayRange,
        isHeld: String,
        isComplete: String,
        missing: String,
        _ values: inout Values
    ) -> String {
        let isWhole = isWhole(of: account)
        return """
            SELECT g.day::date, coalesce(\(isHeld), false), coalesce((\(isHeld)) AND \(isWhole), false),
                   coalesce(\(isComplete) AND \(isWhole), false), d.spent, \(missing)
            FROM generate_series(\(values.add(days.since, "date")), \(values.add(days.until, "date")),
                                 interval '1 day') g (day)
            LEFT JOIN insights_days d ON d.ad_account_id = \(account) AND d.day = g.day
            """
    }

    /// The tables that a statement with a range begins with, for each of its periods. `held_days` has one row for all held days: the first and
    /// the last one, whether there is any, the days that lack rows, whether some lack parts of sums, and the campaigns that
    /// are missing on some of them.
    static func tables(held: String, _ period: Period) -> String {
        """
        \(period.held) (day, is_held, is_whole, is_complete, spent, missing, lacks_rows, lacks_parts) AS MATERIALIZED (\(held)),
        \(period.heldDays) AS MATERIALIZED (
            SELECT min(h.day) FILTER (WHERE h.is_held) AS since, max(h.day) FILTER (WHERE h.is_held) AS until,
                   max(h.day) FILTER (WHERE h.is_whole) AS whole_to, bool_and(h.is_complete) AS is_complete,
                   coalesce(bool_or(h.is_held), false) AS is_held,
                   coalesce(array_agg(h.day) FILTER (WHERE h.is_held AND h.lacks_rows), '{}') AS lacking,
                   coalesce(bool_or(h.is_held AND h.lacks_parts), false) AS lacks_parts,
                   ARRAY(SELECT DISTINCT c FROM \(period.held) m, unnest(m.missing) c WHERE m.is_held) AS missing
            FROM \(period.held) h
        )
        """
    }

    /// The account's spend on the days whose ads are held, or on the days of the metrics stored with the objects.
    static func spendOfAccount(_ account: String, isRanged: Bool) -> String {
        guard !isRanged else { return "(SELECT \(StrictSum.of("h.spent")) FROM held h WHERE h.is_held)" }
        let (since, until) = (AnswerHead.SQL.totalsSince, AnswerHead.SQL.totalsUntil)
        return """
            (SELECT CASE WHEN count(d.spent) = (\(until)) - (\(since)) + 1 THEN sum(d.spent) END FROM insights_days d
             WHERE d.ad_account_id = \(account) AND d.day BETWEEN (\(since)) AND (\(until)))
            """
    }
}
