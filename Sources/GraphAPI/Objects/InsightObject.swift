internal import Model

enum InsightObject {
    static func totals(_ level: Level) -> [String] {
        ["\(level.rawValue)_id", "spend", "impressions", "clicks", "reach", "frequency", "actions", "action_values"]
    }

    static let accountDays = ["spend", "impressions", "clicks", "reach", "actions", "action_values"]
    static let adDays = [
        "ad_id", "adset_id", "campaign_id", "spend", "impressions", "clicks", "actions", "action_values",
    ]

    static func metrics(_ row: inout Row, _ level: Level) throws(UnusableRow) -> Metrics {
        Metrics(
            objectID: try row.requiredID("\(level.rawValue)_id"),
            reach: row.optionalCount("reach"),
            frequency: row.optionalAmount("frequency"),
            results: row.results().results
        )
    }

    static func dayTotals(_ row: inout Row) throws(UnusableRow) -> DayTotals {
        // In the account's own time zone.
        DayTotals(
            day: try row.requiredDay("date_start"),
            reach: row.optionalCount("reach"),
            results: row.results().results
        )
    }

    static func adDay(_ row: inout Row) throws(UnusableRow) -> AdDay {
        let day = try row.requiredDay("date_start")
        let adID = try row.requiredID("ad_id")
        let adSetID = parent(&row, "adset_id")
        let campaignID = parent(&row, "campaign_id")
        let (results, actions, values) = row.results()
        return AdDay(
            day: day,
            adID: adID,
            adSetID: adSetID,
            campaignID: campaignID,
            results: results,
            actions: actions?.json,
            actionValues: values?.json
        )
    }

    /// An id that every row has.
    private static func parent(_ row: inout Row, _ field: String) -> String? {
        let id = row.id(field)
        if row.value(field) == nil, !row.refusedFields.contains(field) { row.noteUnknown(field) }
        return id
    }
}

extension Row {
    fileprivate mutating func results() -> (results: Results, actions: Actions?, values: Actions?) {
        let actions = self.actions("actions")
        let values = self.actions("action_values")
        let purchases = Purchases(actions: actions, values: values)
        return (
            Results(
                spent: amount("spend"),
                impressions: count("impressions"),
                clicks: count("clicks"),
                engagement: actions?.sum(of: "post_engagement") ?? nil,
                conversions: purchases.count,
                conversionValue: purchases.value
            ), actions, values
        )
    }
}
