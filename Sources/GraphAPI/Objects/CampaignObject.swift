internal import Model

enum CampaignObject {
    static let fields = [
        "id", "name", "status", "effective_status", "objective", "daily_budget", "lifetime_budget", "bid_strategy",
        "start_time", "stop_time", "created_time", "updated_time", "issues_info", "budget_remaining",
    ]

    static func read(_ row: inout WireRow, currency: String) throws(UnusableRow) -> Campaign {
        let id = try row.requiredID("id")
        let (status, effectiveStatus) = row.statuses()
        var campaign = Campaign(
            id: id,
            name: row.name("name") ?? "",
            status: status,
            effectiveStatus: effectiveStatus,
            objective: row.optionalWord("objective"),
            dailyBudget: row.budget("daily_budget", currency),
            lifetimeBudget: row.budget("lifetime_budget", currency),
            bidStrategy: row.optionalWord("bid_strategy"),
            startsAt: row.optionalTime("start_time"),
            endsAt: row.optionalTime("stop_time"),
            createdAt: row.time("created_time"),
            updatedAt: row.time("updated_time")
        )
        campaign.issues = row.issues()
        campaign.budgetRemaining = row.rest(ofBudget: "budget_remaining", currency)
        campaign.gaps = row.gaps
        return campaign
    }
}

extension WireRow {
    /// The status that its owner set, and the one that follows from it, the parents' status, review and billing.
    mutating func statuses() -> (String, String) {
        let status = word("status")
        let isPresent = value("effective_status") != nil
        let effectiveStatus = word("effective_status")
        return (status ?? "UNKNOWN", effectiveStatus ?? (isPresent ? nil : status) ?? "UNKNOWN")
    }
}

extension ObjectForm {
    static var campaigns: ObjectForm {
        ObjectForm(fields: CampaignObject.fields, needed: 1) { row, currency throws(UnusableRow) in
            .campaign(try CampaignObject.read(&row, currency: currency))
        }
    }
}
