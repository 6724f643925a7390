internal import Model

struct AdSetObject: Decodable {
    static let fields = [
        "id", "campaign_id", "name", "status", "effective_status", "optimization_goal", "daily_budget",
        "lifetime_budget", "bid_strategy", "bid_amount", "start_time", "end_time", "created_time", "updated_time",
    ]

    var id: FlexibleText
    var campaignID: FlexibleText
    var name: FlexibleText?
    var status: String?
    var effectiveStatus: String?
    var optimizationGoal: String?
    var dailyBudget: FlexibleText?
    var lifetimeBudget: FlexibleText?
    var bidStrategy: String?
    var bidAmount: FlexibleText?
    var startTime: String?
    var endTime: String?
    var createdTime: String?
    var updatedTime: String?

    enum CodingKeys: String, CodingKey {
        case id
        case campaignID = "campaign_id"
        case name
        case status
        case effectiveStatus = "effective_status"
        case optimizationGoal = "optimization_goal"
        case dailyBudget = "daily_budget"
        case lifetimeBudget = "lifetime_budget"
        case bidStrategy = "bid_strategy"
        case bidAmount = "bid_amount"
        case startTime = "start_time"
        case endTime = "end_time"
        case createdTime = "created_time"
        case updatedTime = "updated_time"
    }

    func model(currency: String) throws -> AdSet {
        AdSet(
            id: try objectID(id),
            campaignID: try objectID(campaignID),
            name: name?.text ?? "",
            status: status ?? "UNKNOWN",
            effectiveStatus: effectiveStatus ?? status ?? "UNKNOWN",
            optimizationGoal: optimizationGoal,
            dailyBudget: try budget(dailyBudget, currency),
            lifetimeBudget: try budget(lifetimeBudget, currency),
            bidStrategy: bidStrategy,
            bidAmount: try budget(bidAmount, currency),
            startsAt: startTime.flatMap { Timestamp($0) },
            endsAt: endTime.flatMap { Timestamp($0) },
            createdAt: createdTime.flatMap { Timestamp($0) },
            updatedAt: updatedTime.flatMap { Timestamp($0) }
        )
    }
}
