internal import Model

struct InsightObject: Decodable {
    static func fields(_ level: Level) -> String {
        "\(level.rawValue)_id,spend,impressions,clicks,reach,frequency,actions,action_values"
    }

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
    }

    struct Action: Decodable {
        var actionType: String?
        var value: FlexibleText?

        enum CodingKeys: String, CodingKey {
            case actionType = "action_type"
            case value
        }
    }

    func model(_ level: Level) throws -> Metrics {
        let id: FlexibleText? =
            switch level {
            case .campaign: campaignID
            case .adSet: adsetID
            case .ad: adID
            }
        guard let id else {
            throw GraphError(kind: .transient, status: 200, message: "Facebook sent metrics without an object's id")
        }
        let purchases = try Purchases(actions: actions ?? [], values: actionValues ?? [])
        return Metrics(
            objectID: try objectID(id),
            spent: try amount(spend, "spend") ?? .zero,
            impressions: try count(impressions, "impressions") ?? 0,
            clicks: try count(clicks, "clicks") ?? 0,
            reach: try count(reach, "reach"),
            frequency: try amount(frequency, "frequency"),
            engagement: try sum(of: "post_engagement", in: actions ?? []) ?? .zero,
            conversions: purchases.count,
            conversionValue: purchases.value
        )
    }

    /// Absent is fine; a text that is no number is not, or a wrong answer would become a zero.
    private func amount(_ value: FlexibleText?, _ field: String) throws -> Money? {
        guard let value else { return nil }
        guard let amount = Money(decimal: value.text) else { throw unreadable(field) }
        return amount
    }

    private func count(_ value: FlexibleText?, _ field: String) throws -> Int? {
        guard let value else { return nil }
        guard let count = Int(value.text), count >= 0 else { throw unreadable(field) }
        return count
    }
}

/// Purchases, from the one action type that covers the most channels. The types overlap: a purchase on a website is
/// told under each of them, so adding them up would count it three times.
struct Purchases {
    static let types = ["omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"]

    let count: Money
    let value: Money

    init(actions: [InsightObject.Action], values: [InsightObject.Action]) throws {
        let type = try Self.types.first { try sum(of: $0, in: actions) != nil }
        count = try type.flatMap { try sum(of: $0, in: actions) } ?? .zero
        value = try type.flatMap { try sum(of: $0, in: values) } ?? .zero
    }
}

/// The sum of an action type's entries, which repeat for each breakdown; `nil` when there is none with a value.
private func sum(of type: String, in actions: [InsightObject.Action]) throws -> Money? {
    var sum: Money?
    for action in actions where action.actionType == type {
        guard let value = action.value else { continue }
        guard let amount = Money(decimal: value.text), let total = (sum ?? .zero).adding(amount) else {
            throw unreadable(type)
        }
        sum = total
    }
    return sum
}
