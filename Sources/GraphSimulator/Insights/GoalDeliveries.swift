/// What Graph counts as the result of an ad set, in its own spelling.
enum ResultIndicator: String {
    case pixelPurchase = "actions:offsite_conversion.fb_pixel_purchase"
    case lead = "actions:lead"
    case leadOnFacebook = "actions:onsite_conversion.lead_grouped"
    case linkClick = "actions:link_click"
    case landingPageView = "actions:landing_page_view"
    case engagement = "actions:post_engagement"
    case thruplay = "video_thruplay_watched_actions"
    case appInstall = "actions:mobile_app_install"
    case reach

    func count(_ delivery: Delivery) -> Int {
        switch self {
        case .pixelPurchase: delivery.pixelPurchases
        case .lead: delivery.leads
        case .leadOnFacebook: delivery.leadsOnFacebook
        case .linkClick: delivery.linkClicks
        case .landingPageView: delivery.landings
        case .engagement: delivery.engagement
        case .thruplay: delivery.watching.thruplays
        case .appInstall: delivery.events.appInstalls
        case .reach: delivery.reach
        }
    }
}

/// What ads had together, apart for each thing that counts as a result.
struct GoalDeliveries {
    private var parts: [(indicator: ResultIndicator, delivery: Delivery)] = []

    subscript(indicator: ResultIndicator) -> Delivery {
        get { parts.first { $0.indicator == indicator }?.delivery ?? Delivery() }
        set {
            if let place = parts.firstIndex(where: { $0.indicator == indicator }) {
                parts[place].delivery = newValue
            } else {
                parts.append((indicator, newValue))
            }
        }
    }

    static func += (sum: inout GoalDeliveries, other: GoalDeliveries) {
        for part in other.parts { sum[part.indicator] += part.delivery }
    }

    var total: Delivery {
        guard parts.count != 1 else { return parts[0].delivery }
        var total = Delivery()
        for part in parts { total += part.delivery }
        return total
    }

    /// `[{"indicator": "actions:lead", "values": [{"value": "3", "attribution_windows": ["default"]}]}]`; an indicator without
    /// `values` for zero. Graph leaves the windows out of what no click or view can be credited with.
    var results: JSON? {
        let entries = parts.map { part -> JSON in
            let count = part.indicator.count(part.delivery)
            guard count > 0 else { return ["indicator": .string(part.indicator.rawValue)] }
            var value: [(String, JSON)] = [("value", .string(String(count)))]
            if part.indicator != .reach { value.append(("attribution_windows", ["default"])) }
            return ["indicator": .string(part.indicator.rawValue), "values": .array([.object(value)])]
        }
        return entries.isEmpty ? nil : .array(entries)
    }
}
