/// Fields of campaigns, ad sets and ads.
enum ObjectField: String {
    case id
    case accountID = "account_id"
    case campaignID = "campaign_id"
    case adSetID = "adset_id"
    case name
    case status
    case configuredStatus = "configured_status"
    case effectiveStatus = "effective_status"
    case createdTime = "created_time"
    case updatedTime = "updated_time"
    case startTime = "start_time"
    case stopTime = "stop_time"
    case endTime = "end_time"
    case objective
    case buyingType = "buying_type"
    case bidStrategy = "bid_strategy"
    case bidAmount = "bid_amount"
    case bidType = "bid_type"
    case billingEvent = "billing_event"
    case optimizationGoal = "optimization_goal"
    case dailyBudget = "daily_budget"
    case lifetimeBudget = "lifetime_budget"
    case budgetRemaining = "budget_remaining"
    case issuesInfo = "issues_info"
    case learningStageInfo = "learning_stage_info"
    case adReviewFeedback = "ad_review_feedback"
    case spendCap = "spend_cap"
    case specialAdCategories = "special_ad_categories"
    case specialAdCategory = "special_ad_category"
    case smartPromotionType = "smart_promotion_type"
    case pacingType = "pacing_type"
    case promotedObject = "promoted_object"
    case targeting
    case attributionSpec = "attribution_spec"
    case sourceCampaignID = "source_campaign_id"
    case sourceAdSetID = "source_adset_id"
    case sourceAdID = "source_ad_id"

    func exists(on level: Level) -> Bool {
        switch self {
        case .id, .accountID, .name, .status, .configuredStatus, .effectiveStatus, .createdTime, .updatedTime,
            .issuesInfo:
            true
        case .objective, .buyingType, .spendCap, .specialAdCategories, .specialAdCategory, .smartPromotionType,
            .stopTime, .sourceCampaignID:
            level == .campaign
        case .startTime, .bidStrategy, .dailyBudget, .lifetimeBudget, .budgetRemaining, .pacingType:
            level == .campaign || level == .adset
        case .endTime, .billingEvent, .optimizationGoal, .promotedObject, .targeting, .attributionSpec, .sourceAdSetID,
            .learningStageInfo:
            level == .adset
        case .bidAmount, .campaignID: level == .adset || level == .ad
        case .adSetID, .bidType, .sourceAdID, .adReviewFeedback: level == .ad
        }
    }
}

extension SimulatedAccount {
    /// One node with the selected fields; those without a value are absent.
    func node(_ level: Level, _ index: Int, _ selection: Selection, now: Int) -> JSON {
        var members: [(String, JSON)] = []
        members.reserveCapacity(selection.items.count)
        for item in selection.items {
            switch item {
            case .own(let field):
                if let value = value(field, level, index, now: now) { members.append((field.rawValue, value)) }
            case .account(let field):
                if let value = accountValue(field, now: now) { members.append((field.rawValue, value)) }
            case .creative(let fields):
                members.append(("creative", creative(creative(ofAd: index), fields, now: now)))
            case .parent(let name, let parent, let fields):
                members.append((name, node(parent, ancestor(parent, of: index, level), fields, now: now)))
            }
        }
        return .object(members)
    }

    private func value(_ field: ObjectField, _ level: Level, _ index: Int, now: Int) -> JSON? {
        let object = objects(level)[index]
        switch field {
        case .id: return .string(String(object.id))
        case .accountID: return .string(spec.id)
        case .campaignID: return .string(String(campaigns[ancestor(.campaign, of: index, level)].id))
        case .adSetID: return .string(String(adSets[ancestor(.adset, of: index, level)].id))
        case .name: return .string(object.name)
        case .status, .configuredStatus: return .string(object.status.rawValue)
        case .effectiveStatus: return .string(effectiveStatus(level, index).rawValue)
        case .createdTime: return .string(clock.text(object.created))
        case .updatedTime: return .string(clock.text(object.updated))
        case .startTime: return .string(clock.text(startTime(object)))
        case .stopTime, .endTime: return endTime(level, object).map { .string(clock.text($0)) }
        case .objective: return .string(objective(object).rawValue)
        case .buyingType: return "AUCTION"
        case .bidStrategy: return bidStrategy(level, object)
        case .bidAmount: return level == .adset ? bidAmount(object).map(JSON.int) : nil
        case .bidType: return "ABSOLUTE_OCPM"
        case .billingEvent: return "IMPRESSIONS"
        case .optimizationGoal: return .string(optimizationGoal(object))
        case .dailyBudget: return budget(level, object, lifetime: false)
        case .lifetimeBudget: return budget(level, object, lifetime: true)
        case .budgetRemaining: return hasOwnBudget(level, object) ? .string(String(amount(object) / 3)) : "0"
        case .issuesInfo: return issues(level, index)
        case .learningStageInfo: return learning(object, now: now)
        case .adReviewFeedback: return reviewFeedback(index)
        case .spendCap: return object.hash % 17 == 0 ? .string(String(amount(object) * 100)) : nil
        case .specialAdCategories: return object.hash % 23 == 0 ? ["EMPLOYMENT"] : []
        case .specialAdCategory: return object.hash % 23 == 0 ? "EMPLOYMENT" : "NONE"
        case .smartPromotionType: return "GUIDED_CREATION"
        case .pacingType: return ["standard"]
        case .promotedObject: return promotedObject(object)
        case .targeting: return targeting(object)
        case .attributionSpec:
            return [
                ["event_type": "CLICK_THROUGH", "window_days": 7], ["event_type": "VIEW_THROUGH", "window_days": 1],
            ]
        case .sourceCampaignID, .sourceAdSetID, .sourceAdID: return "0"
        }
    }
}
