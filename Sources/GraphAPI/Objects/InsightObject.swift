internal import Model

struct InsightObject: Decodable {
    static func totals(_ level: Level) -> [String] {
        ["\(level.rawValue)_id", "spend", "impressions", "clicks", "reach", "frequency", "actions", "action_values"]
    }

    static let accountDays = ["spend", "impressions", "clicks", "reach", "actions", "action_values"]
    static let adDays = [
        "ad_id", "adset_id", "campaign_id", "spend", "impressions", "clicks", "actions", "action_values",
    ]

    var campaignID: FlexibleText?
    var adsetID: FlexibleText?
    var adID: FlexibleText?
    var spend: FlexibleText?
    var impressions: FlexibleText?
    var clicks: FlexibleText?
    var reach: FlexibleText?
    var frequency: FlexibleText?
    var actions: [Action]?
    var actionValues: [Action]?
    /// In the account's own time zone.
    var dateStart: String?

    enum CodingKeys: String, CodingKey {
        case campaignID = "campaign_id"
        case adsetID = "adset_id"
        case adID = "ad_id"
        case spend
        case impressions
        case clicks
        case reach
        case frequency
        case actions
        case actionValues = "action_values"
        case dateStart = "date_start"
    }

    func model(_ level: Level) throws -> Metrics {
        let id: FlexibleText? =
            switch level {
            case .campaign: campaignID
            case .adSet: adsetID
            case .ad: adID
            }
        return Metrics(
            objectID: try needed(id),
            reach: try count(reach, "reach"),
            frequency: try amount(frequency, "frequency"),
            results: try results()
        )
    }

    func dayTotals() throws -> DayTotals {
        DayTotals(day: try day(), reach: try count(reach, "reach"), results: try results())
    }

    func adDay() throws -> AdDay {
        AdDay(
            day: try day(),
            adID: try needed(adID),
            adSetID: try needed(adsetID),
            campaignID: try needed(campaignID),
            results: try results(),
            actions: actions.map(Action.text),
            actionValues: actionValues.map(Action.text)
        )
    }

    private func results() throws -> Results {
        let purchases = try Purchases(actions: actions ?? [], values: actionValues ?? [])
        return Results(
            spent: try amount(spend, "spend") ?? .zero,
            impressions: try count(impressions, "impressions") ?? 0,
            clicks: try count(clicks, "clicks") ?? 0,
            engagement: try sum(of: "post_engagement", in: actions ?? []) ?? .zero,
            conversions: purchases.count,
            conversionValue: purchases.value
        )
    }

    private func needed(_ id: FlexibleText?) throws -> String {
        guard let id else { throw GraphError.unreadable("Facebook sent metrics without an object's id") }
        return try objectID(id)
    }

    private func day() throws -> Day {
        guard let day = dateStart.flatMap({ Day($0) }) else {
            throw GraphError.unreadable("Facebook sent metrics without a day")
        }
        return day
    }

    /// Absent is fine; a text that is no number is not, or a wrong answer would become a zero.
    private func amount(_ value: FlexibleText?, _ field: String) throws -> Money? {
        guard let value else { return nil }
        guard let amount = Money(decimal: value.text) else { throw unreadable(field) }
        return amount
    }

    private func count(_ value: FlexibleText?, _ field: String) throws -> Int? {
        guard let value else { return nil }
        guard let count = Int(value.text), (0...1_000_000_000_000_000).contains(count) else { throw unreadable(field) }
        return count
    }
}
