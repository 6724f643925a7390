package import Model
internal import Postgres

/// What /api/insights is asked: what an account or one of its objects had on each day.
package struct SeriesQuestion: Question {
    package enum Subject: Sendable, Equatable {
        /// As Facebook reports it for the whole account.
        case account
        /// The sum of its ads.
        case object(Level, id: String)
    }

    package let subject: Subject
    package let days: DayRange

    package init(_ subject: Subject, days: DayRange) {
        self.subject = subject
        self.days = days
    }

    package var columns: [AnswerColumn] { Self.columns }
    package var limit: Int? { nil }

    package var counters: [AnswerKind] { [.insights] }

    private static let metrics = [
        Metric.spend, .impressions, .clicks, .conversions, .conversionValue,
    ]
    package static let columns =
        [AnswerColumn("date", .text, "h.day")]
        + metrics.map { AnswerColumn($0.name, .number, sum($0.column), isNullable: true) }

    /// A day without delivery has zeros; one that is not held has no values, and neither has a number that is unknown.
    private static func sum(_ column: String) -> String {
        """
        trim_scale(CASE WHEN NOT h.is_held OR o.campaign = ANY (h.missing) OR o.is_sum AND h.lacks_parts THEN NULL
            WHEN m.day IS NOT NULL THEN m.\(column) WHEN h.lacks_rows THEN NULL ELSE 0 END)
        """
    }

    package func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement {
        var values = Values()
        let account = values.add(account, "uuid")
        let since = values.add(days.since, "date")
        let until = values.add(days.until, "date")
        var head = AnswerHead.SQL()
        let source: String
        // The campaign of the object that is asked about, and whether the object's days are sums of several ads.
        var campaign = "NULL::text"
        var isSum = false
        switch subject {
        case .account:
            head.held = Coverage.ofAccount(account, days, &values)
            source =
                "SELECT * FROM insights_days WHERE ad_account_id = \(account) AND day BETWEEN \(since) AND \(until)"
        case .object(let level, let id):
            let id = values.add(id, "text")
            let mirror = Mirror.of(level)
            isSum = level != .ad
            head.held = Coverage.ofAds(account, days, &values)
            campaign = """
                (SELECT facebook_campaign_id FROM \(mirror.table)
                 WHERE \(mirror.key) = \(id) AND ad_account_id = \(account))
                """
            head.hasSubject = """
                EXISTS (SELECT FROM \(mirror.table) WHERE \(mirror.key) = \(id) AND ad_account_id = a.id)
                """
            source = """
                SELECT day, \(StrictSum.of(Self.metrics, "d"))
                FROM insights_daily d
                WHERE ad_account_id = \(account) AND \(mirror.key) = \(id) AND day BETWEEN \(since) AND \(until)
                GROUP BY day
                """
        }
        var query = Query(
            raw: answer(
                of: account,
                head,
                RowsSQL(
                    values: layout.columns.map(\.sql),
                    position: nil,
                    source: """
                        FROM held h
                        LEFT JOIN (\(source)) m ON m.day = h.day
                        CROSS JOIN (SELECT \(campaign) AS campaign, \(isSum) AS is_sum) o
                        ORDER BY h.day
                        """
                )
            ),
            values.all
        )
        query.isOneOff = subject != .account
        return AnswerStatement(query: query)
    }
}
