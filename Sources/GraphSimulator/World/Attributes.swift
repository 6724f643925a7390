/// What an advertiser wants from a campaign.
enum Objective: String, CaseIterable {
    case sales = "OUTCOME_SALES"
    case leads = "OUTCOME_LEADS"
    case traffic = "OUTCOME_TRAFFIC"
    case engagement = "OUTCOME_ENGAGEMENT"
    case awareness = "OUTCOME_AWARENESS"
    case appPromotion = "OUTCOME_APP_PROMOTION"
    case conversions = "CONVERSIONS"

    /// Weighted: half of the campaigns sell.
    init(_ hash: UInt64) {
        self = Self.weighted[Int(hash >> 16 & 0xFFFF) % Self.weighted.count]
    }

    private static let weighted: [Objective] = [
        .sales, .sales, .sales, .sales, .sales, .leads, .leads, .traffic, .engagement, .awareness, .appPromotion,
        .conversions,
    ]
}

/// The settings of objects, derived from their hashes.
extension SimulatedAccount {
    /// The objective of a campaign; of anything else that of its campaign.
    func objective(_ object: SimulatedObject) -> Objective { Objective(object.hash) }

    func optimizationGoal(_ adSet: SimulatedObject) -> String {
        switch objective(campaigns[adSet.parent]) {
        case .sales, .conversions: adSet.hash % 5 == 0 ? "VALUE" : "OFFSITE_CONVERSIONS"
        case .leads: adSet.hash % 3 == 0 ? "QUALITY_LEAD" : "LEAD_GENERATION"
        case .traffic: adSet.hash % 2 == 0 ? "LINK_CLICKS" : "LANDING_PAGE_VIEWS"
        case .engagement: adSet.hash % 2 == 0 ? "POST_ENGAGEMENT" : "THRUPLAY"
        case .awareness: "REACH"
        case .appPromotion: "APP_INSTALLS"
        }
    }

    /// What the results of an ad set are.
    func resultIndicator(_ adSet: SimulatedObject) -> ResultIndicator {
        switch optimizationGoal(adSet) {
        case "VALUE", "OFFSITE_CONVERSIONS": .pixelPurchase
        case "QUALITY_LEAD": .lead
        case "LEAD_GENERATION": .leadOnFacebook
        case "LINK_CLICKS": .linkClick
        case "LANDING_PAGE_VIEWS": .landingPageView
        case "POST_ENGAGEMENT": .engagement
        case "THRUPLAY": .thruplay
        case "APP_INSTALLS": .appInstall
        default: .reach
        }
    }

    /// How an ad does beside others; unknown for few impressions.
    /// - Parameter aspect: which of the three rankings.
    func ranking(_ ad: SimulatedObject, _ aspect: UInt64, _ delivery: Delivery) -> String {
        let rankings = [
            "AVERAGE", "ABOVE_AVERAGE", "BELOW_AVERAGE_35", "BELOW_AVERAGE_20", "BELOW_AVERAGE_10", "AVERAGE",
        ]
        guard delivery.impressions >= 500 else { return "UNKNOWN" }
        return rankings[Int(Randomness.mixed(ad.hash &+ aspect) % UInt64(rankings.count))]
    }

    func attributionSetting(_ adSet: SimulatedObject) -> String {
        ["7d_click_1d_view", "7d_click_1d_view", "7d_click", "1d_click"][Int(adSet.hash % 4)]
    }

    /// Whether a campaign has the budget for its ad sets ("CBO").
    func hasCampaignBudget(_ campaign: SimulatedObject) -> Bool { campaign.hash % 100 < 45 }

    func hasOwnBudget(_ level: Level, _ object: SimulatedObject) -> Bool {
        level == .campaign ? hasCampaignBudget(object) : !hasCampaignBudget(campaigns[object.parent])
    }

    /// A lifetime budget instead of a daily one.
    private func isLifetime(_ object: SimulatedObject) -> Bool {
        if let settings = settings[object.id], settings.budget != nil { return settings.isLifetime }
        return object.hash >> 4 & 7 == 0
    }

    /// The budget per day or, tenfold, for the lifetime, in minor units.
    func amount(_ object: SimulatedObject) -> Int {
        if let budget = settings[object.id]?.budget { return budget }
        let steps = 10 + Int(object.hash >> 24 & 0xFF)
        return steps * (spec.minorUnits == 1 ? 500 : 250) * (isLifetime(object) ? 10 : 1)
    }

    /// Budgets are on one level only. The unused kind is absent on campaigns and "0" on ad sets.
    func budget(_ level: Level, _ object: SimulatedObject, lifetime: Bool) -> JSON? {
        guard hasOwnBudget(level, object) else { return nil }
        if isLifetime(object) == lifetime { return .string(String(amount(object))) }
        return level == .adset ? "0" : nil
    }

    /// The next full hour after creation.
    func startTime(_ object: SimulatedObject) -> Int {
        settings[object.id]?.start ?? (object.created / 3600 + 1) * 3600
    }

    /// Lifetime budgets need an end; most others run on.
    func endTime(_ level: Level, _ object: SimulatedObject) -> Int? {
        if let end = settings[object.id]?.end { return end == 0 ? nil : end }
        guard hasOwnBudget(level, object), isLifetime(object) else { return nil }
        return startTime(object) + (30 + Int(object.hash >> 40 & 0x7F)) * 86_400
    }

    func bidStrategy(_ level: Level, _ object: SimulatedObject) -> JSON? {
        guard hasOwnBudget(level, object) else { return nil }
        return bidAmount(object) == nil ? "LOWEST_COST_WITHOUT_CAP" : "COST_CAP"
    }

    /// Minor units.
    func bidAmount(_ object: SimulatedObject) -> Int? {
        if let bid = settings[object.id]?.bid { return bid }
        return object.hash >> 12 & 7 == 0 ? 500 + Int(object.hash >> 48 & 0x7FF) : nil
    }

    func promotedObject(_ adSet: SimulatedObject) -> JSON? {
        switch objective(campaigns[adSet.parent]) {
        case .sales, .conversions:
            ["pixel_id": .string(String(700_000_000_000_000 + seed % 99_999_999)), "custom_event_type": "PURCHASE"]
        case .leads, .engagement, .awareness: ["page_id": .string(String(112_000_000_000_000 + seed % 99_999_999))]
        case .traffic, .appPromotion: nil
        }
    }

    func targeting(_ adSet: SimulatedObject) -> JSON {
        let country: JSON = spec.currency == "JPY" ? "JP" : spec.currency == "EUR" ? "DE" : "US"
        return [
            "age_max": 65, "age_min": .int(18 + Int(adSet.hash % 5) * 3),
            "geo_locations": ["countries": [country], "location_types": ["home", "recent"]],
        ]
    }
}
