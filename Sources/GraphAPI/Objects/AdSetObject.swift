internal import Model

enum AdSetObject {
    static let fields = [
        "id", "campaign_id", "name", "status", "effective_status", "optimization_goal", "daily_budget",
        "lifetime_budget", "bid_strategy", "bid_amount", "start_time", "end_time", "created_time", "updated_time",
        "issues_info", "budget_remaining", "learning_stage_info",
    ]

    static func read(_ row: inout WireRow, currency: String) throws(UnusableRow) -> AdSet {
        let id = try row.requiredID("id")
        let (status, effectiveStatus) = row.statuses()
        var adSet = AdSet(
            id: id,
            campaignID: row.id("campaign_id"),
            name: row.name("name") ?? "",
            status: status,
            effectiveStatus: effectiveStatus,
            optimizationGoal: row.optionalWord("optimization_goal"),
            dailyBudget: row.budget("daily_budget", currency),
            lifetimeBudget: row.budget("lifetime_budget", currency),
            bidStrategy: row.optionalWord("bid_strategy"),
            bidAmount: row.budget("bid_amount", currency),
            startsAt: row.optionalTime("start_time"),
            endsAt: row.optionalTime("end_time"),
            createdAt: row.time("created_time"),
            updatedAt: row.time("updated_time")
        )
        adSet.issues = row.issues()
        adSet.budgetRemaining = row.rest(ofBudget: "budget_remaining", currency)
        adSet.learning = row.learning()
        adSet.gaps = row.gaps
        return adSet
    }
}

extension ObjectForm {
    static var adSets: ObjectForm {
        ObjectForm(fields: AdSetObject.fields, needed: 2) { row, currency throws(UnusableRow) in
            .adSet(try AdSetObject.read(&row, currency: currency))
        }
    }
}
