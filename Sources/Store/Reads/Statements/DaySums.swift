internal import Model

extension TableQuestion {
    /// The sums of each object over the days of a period.
    func sums(_ period: Period, _ days: DayRange?, _ account: String, _ values: inout Values) -> String {
        guard let days else { return "" }
        let since = values.add(days.since, "date")
        let until = values.add(days.until, "date")
        var conditions = ["d.ad_account_id = \(account)", "d.day BETWEEN \(since) AND \(until)"]
        if let campaignID { conditions.append("d.facebook_campaign_id = \(values.add(campaignID, "text"))") }
        if let adSetID, table != .campaigns {
            conditions.append("d.facebook_ad_set_id = \(values.add(adSetID, "text"))")
        }
        let rows = "insights_daily d WHERE \(conditions.joined(separator: " AND "))"
        let held = { (column: String) in "(SELECT \(column) FROM \(period.heldDays))" }
        // A sum is unknown when its campaign is missing on a day, or when it has no row on a day that lacks rows. An ad has
        // one row for a day; a campaign or an ad set may lack some of its rows.
        let hasAllParts = table.level == .ad ? "" : " AND NOT \(held("lacks_parts"))"
        let isKnown = "s.is_known AND coalesce(l.days, 0) = cardinality(\(held("lacking")))\(hasAllParts)"
        let metrics = metrics(period)
        var known = metrics.map { "CASE WHEN \(isKnown) THEN s.\($0.column) END AS \($0.column)" }
        var results = ""
        if hasResults(period) {
            known += Metric.resultParts.map { "CASE WHEN \(isKnown) THEN x.\($0.column) END AS \($0.column)" }
            results = "LEFT JOIN (\(ResultSums.sql(of: rows, by: "d.\(table.key)", "d"))) x ON x.key = s.id"
        }
        return """
            LEFT JOIN (
                SELECT s.id, \(known.joined(separator: ", "))
                FROM (
                    SELECT d.\(table.key) AS id, \(StrictSum.of(metrics, "d")),
                           NOT bool_or(d.facebook_campaign_id = ANY (\(held("missing"))::text[])) AS is_known
                    FROM \(rows) GROUP BY 1
                ) s
                LEFT JOIN (
                    SELECT d.\(table.key) AS id, count(DISTINCT d.day) AS days
                    FROM \(rows) AND d.day = ANY (\(held("lacking"))::date[]) GROUP BY 1
                ) l ON l.id = s.id
                \(results)
            ) \(period.sums) ON \(period.sums).id = t.\(table.key)
            CROSS JOIN \(period.heldDays)
            """
    }
}
