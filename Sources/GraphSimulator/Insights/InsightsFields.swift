/// Columns of insights. `date_start` and `date_stop` are in every row, requested or not.
enum InsightsField: String {
    case accountID = "account_id"
    case accountName = "account_name"
    case accountCurrency = "account_currency"
    case campaignID = "campaign_id"
    case campaignName = "campaign_name"
    case adSetID = "adset_id"
    case adSetName = "adset_name"
    case adID = "ad_id"
    case adName = "ad_name"
    case objective
    case optimizationGoal = "optimization_goal"
    case createdTime = "created_time"
    case updatedTime = "updated_time"
    case dateStart = "date_start"
    case dateStop = "date_stop"
    case spend
    case impressions
    case reach
    case frequency
    case clicks
    case inlineLinkClicks = "inline_link_clicks"
    case uniqueClicks = "unique_clicks"
    case outboundClicks = "outbound_clicks"
    case videoPlays = "video_play_actions"
    case thruplays = "video_thruplay_watched_actions"
    case videoQuarter = "video_p25_watched_actions"
    case videoHalf = "video_p50_watched_actions"
    case videoThreeQuarters = "video_p75_watched_actions"
    case videoNearlyAll = "video_p95_watched_actions"
    case videoAll = "video_p100_watched_actions"
    case ctr
    case cpc
    case cpm
    case cpp
    case results
    case actions
    case actionValues = "action_values"
    case costPerActionType = "cost_per_action_type"
    case purchaseROAS = "purchase_roas"
    case qualityRanking = "quality_ranking"
    case engagementRanking = "engagement_rate_ranking"
    case conversionRanking = "conversion_rate_ranking"
    case attributionSetting = "attribution_setting"

    /// The coarsest level whose rows have this column.
    var level: Level {
        switch self {
        case .campaignID, .campaignName, .objective: .campaign
        case .adSetID, .adSetName, .optimizationGoal, .attributionSetting: .adset
        case .adID, .adName, .qualityRanking, .engagementRanking, .conversionRanking: .ad
        default: .account
        }
    }

    /// Whether rows can be added up in this column.
    var isNumber: Bool {
        switch self {
        case .spend, .impressions, .reach, .frequency, .clicks, .inlineLinkClicks, .uniqueClicks, .outboundClicks,
            .videoPlays, .thruplays, .videoQuarter, .videoHalf, .videoThreeQuarters, .videoNearlyAll, .videoAll, .ctr,
            .cpc, .cpm, .cpp, .actions,
            .actionValues, .costPerActionType, .purchaseROAS:
            true
        default: false
        }
    }
}

extension SimulatedAccount {
    /// One row; all values are texts, money in major units; columns without a value are absent.
    func row(_ query: InsightsQuery, _ index: Int, _ period: ClosedRange<Int>, _ sum: GoalDeliveries) -> JSON {
        row(query.level, query.fields, index, period, sum)
    }

    func row(
        _ level: Level,
        _ fields: [InsightsField],
        _ index: Int,
        _ period: ClosedRange<Int>,
        _ sums: GoalDeliveries
    ) -> JSON {
        let sum = sums.total
        var members: [(String, JSON)] = []
        members.reserveCapacity(fields.count + 2)
        for field in fields where field != .dateStart && field != .dateStop {
            let value = field == .results ? sums.results : value(field, level, index, sum)
            if let value { members.append((field.rawValue, value)) }
        }
        members.append(("date_start", .string(CivilDate.text(period.lowerBound))))
        members.append(("date_stop", .string(CivilDate.text(period.upperBound))))
        return .object(members)
    }

    private func value(_ field: InsightsField, _ level: Level, _ index: Int, _ sum: Delivery) -> JSON? {
        func object(_ wanted: Level) -> SimulatedObject { objects(wanted)[ancestor(wanted, of: index, level)] }
        let units = Double(spec.minorUnits)
        let spend = Double(sum.spend) / units
        switch field {
        case .accountID: return .string(spec.id)
        case .accountName: return .string(spec.name)
        case .accountCurrency: return .string(spec.currency)
        case .campaignID: return .string(String(object(.campaign).id))
        case .campaignName: return .string(object(.campaign).name)
        case .adSetID: return .string(String(object(.adset).id))
        case .adSetName: return .string(object(.adset).name)
        case .adID: return .string(String(object(.ad).id))
        case .adName: return .string(object(.ad).name)
        case .objective: return .string(objective(object(.campaign)).rawValue)
        case .optimizationGoal: return .string(optimizationGoal(object(.adset)))
        case .qualityRanking: return .string(ranking(object(.ad), 0, sum))
        case .engagementRanking: return .string(ranking(object(.ad), 1, sum))
        case .conversionRanking: return .string(ranking(object(.ad), 2, sum))
        case .attributionSetting: return .string(attributionSetting(object(.adset)))
        case .createdTime: return day(level == .account ? created : object(level).created)
        case .updatedTime: return day(level == .account ? created : object(level).updated)
        case .dateStart, .dateStop, .results: return nil
        case .spend: return .string(Decimals.money(sum.spend, units: spec.minorUnits))
        case .impressions: return .string(String(sum.impressions))
        case .reach: return .string(String(sum.reach))
        case .frequency: return Decimals.ratio(Double(sum.impressions), sum.reach)
        case .clicks: return .string(String(sum.clicks))
        case .inlineLinkClicks: return sum.linkClicks > 0 ? .string(String(sum.linkClicks)) : nil
        case .uniqueClicks: return sum.clickers > 0 ? .string(String(sum.clickers)) : nil
        case .outboundClicks: return Self.list([("outbound_click", sum.events.outboundClicks)])
        case .videoPlays: return Self.views(sum.watching.plays)
        case .thruplays: return Self.views(sum.watching.thruplays)
        case .videoQuarter: return Self.views(sum.watching.quarter)
        case .videoHalf: return Self.views(sum.watching.half)
        case .videoThreeQuarters: return Self.views(sum.watching.threeQuarters)
        case .videoNearlyAll: return Self.views(sum.watching.nearlyAll)
        case .videoAll: return Self.views(sum.watching.all)
        case .ctr: return Decimals.ratio(Double(sum.clicks) * 100, sum.impressions)
        case .cpc: return Decimals.ratio(spend, sum.clicks)
        case .cpm: return Decimals.ratio(spend * 1000, sum.impressions)
        case .cpp: return Decimals.ratio(spend * 1000, sum.reach)
        case .actions:
            return Self.list(sum.actions + customActions(sum))
        case .actionValues:
            return Self.list(sum.actionValues) { .string(Decimals.money($0, units: spec.minorUnits)) }
        case .costPerActionType:
            return Self.list(sum.actions + customActions(sum)) { Decimals.ratio(spend, $0) ?? "0" }
        case .purchaseROAS:
            guard sum.purchases > 0, sum.spend > 0 else { return nil }
            return Self.list([("omni_purchase", sum.purchaseValue)]) {
                Decimals.ratio(Double($0), sum.spend) ?? "0"
            }
        }
    }

    /// Insights give times of objects as dates only.
    private func day(_ time: Int) -> JSON { .string(CivilDate.text(clock.day(at: time))) }

    /// `[{"action_type":"link_click","value":"9"}]` without the zeros; nil when nothing is left.
    private static func list(
        _ actions: [(String, Int)],
        value: (Int) -> JSON = { .string(String($0)) }
    ) -> JSON? {
        let entries = actions.filter { $0.1 > 0 }.map { name, count -> JSON in
            ["action_type": .string(name), "value": value(count)]
        }
        return entries.isEmpty ? nil : .array(entries)
    }

    private static func views(_ count: Int) -> JSON? { list([("video_view", count)]) }
}

extension Delivery {
    /// Action types overlap: link clicks are engagement, pixel purchases are purchases, and those come twice.
    fileprivate var actions: [(String, Int)] {
        [
            ("link_click", linkClicks), ("post_engagement", engagement), ("page_engagement", engagement),
            ("video_view", videoViews), ("landing_page_view", landings),
            ("omni_purchase", purchases), ("purchase", purchases),
            ("offsite_conversion.fb_pixel_purchase", pixelPurchases), ("lead", leads),
            // A part of the leads is counted where it came from, too.
            ("onsite_conversion.lead_grouped", leadsOnFacebook),
            ("offsite_conversion.fb_pixel_lead", leads - leadsOnFacebook),
            ("view_content", events.contentViews), ("omni_view_content", events.contentViews),
            ("offsite_conversion.fb_pixel_view_content", events.pixelViews),
            ("add_to_cart", events.cartAdditions), ("omni_add_to_cart", events.cartAdditions),
            ("initiate_checkout", events.checkouts), ("omni_initiated_checkout", events.checkouts),
            ("complete_registration", events.registrations), ("omni_complete_registration", events.registrations),
            ("mobile_app_install", events.appInstalls), ("omni_app_install", events.appInstalls),
            ("onsite_conversion.messaging_conversation_started_7d", events.conversations),
            ("post_reaction", events.reactions), ("comment", events.comments), ("post", events.shares),
        ]
    }

    fileprivate var actionValues: [(String, Int)] {
        [
            ("omni_purchase", purchaseValue), ("purchase", purchaseValue),
            ("offsite_conversion.fb_pixel_purchase", pixelValue),
        ]
    }
}

/// Numbers as Graph writes them: no trailing zeros, no exponent.
enum Decimals {
    /// - Parameters:
    ///   - amount: minor units.
    ///   - units: minor units in a major one, 1 or 100.
    static func money(_ amount: Int, units: Int) -> String {
        units == 1 ? String(amount) : text(amount, digits: 2)
    }

    /// With up to six decimals; nil when there is nothing to divide by.
    static func ratio(_ dividend: Double, _ divisor: Int) -> JSON? {
        guard divisor > 0 else { return nil }
        return .string(text(Int((dividend / Double(divisor) * 1_000_000).rounded()), digits: 6))
    }

    /// - Parameter number: not negative, in units of the last digit.
    private static func text(_ number: Int, digits: Int) -> String {
        let scale = digits == 2 ? 100 : 1_000_000
        guard number % scale > 0 else { return String(number / scale) }
        var fraction = String(number % scale)
        fraction = String(repeating: "0", count: digits - fraction.utf8.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(number / scale).\(fraction)"
    }
}
