import Foundation
import GraphSimulator
import HTTPMessages
import TestSupport

/// The simulator's own results by goal, read without a line of the product's code.
struct FacebookGoals {
    struct Row {
        let ids: [String: String]
        let day: String
        /// The number of each indicator.
        let goals: [String: Decimal]
    }

    private var all: [Row] = []

    init(_ sample: Sample, level: String, since: String, until: String, daily: Bool) {
        let statuses =
            ["ACTIVE", "PAUSED", "DELETED", "ARCHIVED", "CAMPAIGN_PAUSED", "ADSET_PAUSED", "WITH_ISSUES"]
            + ["PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO", "IN_PROCESS"]
        let list = statuses.map { "\"\($0)\"" }.joined(separator: ",")
        var after = ""
        while true {
            var query = QueryParameters([
                .init(name: "level", value: level), .init(name: "limit", value: "500"),
                .init(name: "fields", value: "campaign_id,adset_id,ad_id,results"),
                .init(name: "time_range", value: #"{"since":"\#(since)","until":"\#(until)"}"#),
                .init(
                    name: "filtering",
                    value: #"[{"field":"\#(level).effective_status","operator":"IN","value":[\#(list)]}]"#
                ),
            ])
            if daily { query.append("time_increment", "1") }
            if !after.isEmpty { query.append("after", after) }
            let response = sample.simulator.respond(
                to: HTTPRequest(
                    path: "/v23.0/act_\(sample.facebookID)/insights",
                    query: query.encoded,
                    headers: ["Authorization": "Bearer \(GraphSimulator.demoToken)"]
                )
            )
            let page = JSON(response.body)
            all += page["data"].list.map(Self.row)
            guard page["paging"]["next"].string != nil, let next = page["paging"]["cursors"]["after"].string else {
                return
            }
            after = next
        }
    }

    /// The rows of an object, or of its ads.
    func rows(of id: String, _ level: String) -> [Row] { all.filter { $0.ids[level] == id } }

    private static func row(_ json: JSON) -> Row {
        var goals: [String: Decimal] = [:]
        for entry in json["results"].list {
            let number = entry["values"].list.first?["value"].string.flatMap { Decimal(string: $0) }
            goals[entry["indicator"].string ?? "?"] = number ?? 0
        }
        let ids = ["campaign", "adset", "ad"].map { ($0, json["\($0)_id"].string ?? "") }
        return Row(
            ids: Dictionary(uniqueKeysWithValues: ids),
            day: json["date_start"].string ?? "",
            goals: goals
        )
    }
}

/// What results by goal add up to.
struct GoalSum: Equatable {
    /// By indicator; no number where people would be counted several times.
    private let numbers: [String: Decimal?]

    init(_ parts: [[String: Decimal]]) {
        self.init(parts: parts.map { $0.mapValues { $0 } })
    }

    init(_ sums: [GoalSum]) {
        self.init(parts: sums.map(\.numbers))
    }

    private init(parts: [[String: Decimal?]]) {
        var numbers: [String: Decimal?] = [:]
        for indicator in Set(parts.flatMap(\.keys)) {
            let values = parts.compactMap { $0[indicator] }
            let known = values.compactMap(\.self)
            let counted = values.filter { $0 != 0 }
            let isSum = known.count == values.count && (indicator != "reach" || counted.count < 2)
            numbers[indicator] = .some(isSum ? known.reduce(0, +) : nil)
        }
        self.numbers = numbers
    }

    var number: Decimal? {
        switch numbers.count {
        case 0: 0
        case 1: numbers.values.first ?? nil
        default: nil
        }
    }

    var words: String? {
        guard numbers.count != 1 else { return numbers.keys.first.flatMap { Self.names[$0]?.many } }
        let areZero = numbers.values.allSatisfy { $0 == 0 }
        let shown = numbers.filter { areZero || $0.value != 0 }.sorted { one, other in
            switch (one.value, other.value) {
            case (let left?, let right?) where left != right: left > right
            case (_?, nil): true
            case (nil, _?): false
            default: one.key.utf8.lexicographicallyPrecedes(other.key.utf8)
            }
        }
        let texts = shown.map { indicator, number in
            let (one, many) = Self.names[indicator] ?? ("?", "?")
            return number.map { "\($0) \($0 == 1 ? one : many)" } ?? many
        }
        return texts.isEmpty ? nil : texts.joined(separator: " · ")
    }

    private static let names: [String: (one: String, many: String)] = [
        "actions:offsite_conversion.fb_pixel_purchase": ("purchase", "purchases"), "actions:lead": ("lead", "leads"),
        "actions:onsite_conversion.lead_grouped": ("lead", "leads"),
        "actions:link_click": ("link click", "link clicks"),
        "actions:landing_page_view": ("landing page view", "landing page views"),
        "actions:post_engagement": ("post engagement", "post engagements"),
        "video_thruplay_watched_actions": ("ThruPlay", "ThruPlays"),
        "actions:mobile_app_install": ("app install", "app installs"), "reach": ("reach", "reach"),
    ]
}
