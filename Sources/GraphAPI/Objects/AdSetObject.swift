internal import Model

struct AdSetObject: Decodable {
    static let fields = """
        id,campaign_id,name,status,effective_status,optimization_goal,daily_budget,lifetime_budget,created_time,\
        updated_time
        """

    var id: FlexibleText
    var campaign_id: FlexibleText
    var name: FlexibleText?
    var status: String?
    var effective_status: String?
    var optimization_goal: String?
    var daily_budget: FlexibleText?
    var lifetime_budget: FlexibleText?
    var created_time: String?
    var updated_time: String?

    func model(currency: String) throws -> AdSet {
        AdSet(
            id: try objectID(id),
            campaignID: try objectID(campaign_id),
            name: name?.text ?? "",
            status: status ?? "UNKNOWN",
            effectiveStatus: effective_status ?? status ?? "UNKNOWN",
            optimizationGoal: optimization_goal,
            dailyBudget: budget(daily_budget, currency),
            lifetimeBudget: budget(lifetime_budget, currency),
            createdAt: created_time.flatMap { Timestamp($0) },
            updatedAt: updated_time.flatMap { Timestamp($0) }
        )
    }
}
