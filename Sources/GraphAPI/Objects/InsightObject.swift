internal import HTTPMessages
internal import Model

enum InsightObject {
    /// The fields to ask for: the ids first, then what Facebook may refuse.
    struct Fields {
        let names: [String]
        /// How many of the first ones Facebook must not refuse.
        let needed: Int

        init(_ ids: [String], _ metrics: [Metric]) {
            names = ids + Self.fields(of: metrics)
            needed = ids.count
        }

        private static func fields(of metrics: [Metric]) -> [String] {
            var seen: Set<String> = []
            return metrics.flatMap(\.source.insightFields).filter { seen.insert($0).inserted }
        }
    }

    static func totals(_ level: Level) -> Fields { Fields(["\(level.rawValue)_id"], Metric.of(level)) }
    static func people(_ level: Level) -> Fields { Fields(["\(level.rawValue)_id"], Metric.ofPeople) }
    static let accountDays = Fields([], Metric.ofAccountDays)
    static let adDays = Fields(["ad_id", "adset_id", "campaign_id"], Metric.ofAdDays)

    static func totals(_ row: inout WireRow, _ level: Level) throws(UnusableRow) -> ObjectTotals {
        let id = try row.requiredID("\(level.rawValue)_id")
        return ObjectTotals(objectID: id, results: row.results(Metric.of(level)).results)
    }

    static func people(_ row: inout WireRow, _ level: Level) throws(UnusableRow) -> ObjectTotals {
        let id = try row.requiredID("\(level.rawValue)_id")
        return ObjectTotals(objectID: id, results: row.results(Metric.ofPeople).results)
    }

    static func dayTotals(_ row: inout WireRow) throws(UnusableRow) -> DayTotals {
        // In the account's own time zone.
        let day = try row.requiredDay("date_start")
        return DayTotals(day: day, results: row.results(Metric.ofAccountDays).results)
    }

    static func adDay(_ row: inout WireRow) throws(UnusableRow) -> AdDay {
        let day = try row.requiredDay("date_start")
        let adID = try row.requiredID("ad_id")
        let adSetID = parent(&row, "adset_id")
        let campaignID = parent(&row, "campaign_id")
        let (results, actions, values) = row.results(Metric.ofAdDays)
        return AdDay(
            day: day,
            adID: adID,
            adSetID: adSetID,
            campaignID: campaignID,
            results: results,
            actions: actions?.json,
            actionValues: values?.json
        )
    }

    /// An id that every row has.
    private static func parent(_ row: inout WireRow, _ field: String) -> String? {
        let id = row.id(field)
        if row.value(field) == nil, !row.refusedFields.contains(field) { row.noteUnknown(field) }
        return id
    }
}

/// How rows of insights are requested and read.
struct InsightForm<Value> {
    /// Whose rows; `nil` for the whole account's.
    let level: Level?
    /// Whether there is a row for each day.
    let isDaily: Bool
    let fields: InsightObject.Fields
    /// The same for two rows about the same.
    let key: (Value) -> Int
    let read: (inout WireRow) throws(UnusableRow) -> Value

    /// The list of results of a range of days: a row for each object with results, or for each of its days.
    /// - Parameter campaigns: Ids of the campaigns to read; `nil` for all.
    func list(_ account: AccountSummary, _ days: DayRange, _ campaigns: [String]? = nil) -> GraphList {
        var parameters: [QueryParameters.Item] = [
            .init(name: "level", value: level?.rawValue ?? "account"),
            .init(name: "time_range", value: #"{"since":"\#(days.since)","until":"\#(days.until)"}"#),
            // Disregarded since 2025-06-10, and still what Meta advises to send.
            .init(name: "use_unified_attribution_setting", value: "true"),
        ]
        if isDaily { parameters.append(.init(name: "time_increment", value: "1")) }
        if let level {
            var conditions = [GraphList.anyStatus(level)]
            if let campaigns {
                let ids = campaigns.map { "\"\($0)\"" }.joined(separator: ",")
                conditions.append(#"{"field":"campaign.id","operator":"IN","value":[\#(ids)]}"#)
            }
            parameters.append(.init(name: "filtering", value: "[\(conditions.joined(separator: ","))]"))
        }
        return GraphList(
            path: "act_\(account.facebookID)/insights",
            noun: "the \(isDaily ? "results" : "totals") of \(level?.noun ?? "the account")",
            kind: .insights,
            fields: fields.names,
            needed: fields.needed,
            parameters: parameters,
            asksForTotal: false
        )
    }
}

extension InsightForm<ObjectTotals> {
    static func totals(_ level: Level) -> Self {
        InsightForm(
            level: level,
            isDaily: false,
            fields: InsightObject.totals(level),
            key: \.objectID.hashValue,
            read: { row throws(UnusableRow) in try InsightObject.totals(&row, level) }
        )
    }
}

extension InsightForm<ObjectTotals> {
    /// Only the counts of people.
    static func people(_ level: Level) -> Self {
        InsightForm(
            level: level,
            isDaily: false,
            fields: InsightObject.people(level),
            key: \.objectID.hashValue,
            read: { row throws(UnusableRow) in try InsightObject.people(&row, level) }
        )
    }
}

extension InsightForm<DayTotals> {
    static func accountDays(daily: Bool) -> Self {
        InsightForm(
            level: nil,
            isDaily: daily,
            fields: InsightObject.accountDays,
            key: \.day.hashValue,
            read: { row throws(UnusableRow) in try InsightObject.dayTotals(&row) }
        )
    }
}

extension InsightForm<AdDay> {
    static var adDays: Self {
        InsightForm(
            level: .ad,
            isDaily: true,
            fields: InsightObject.adDays,
            key: { row in
                var hasher = Hasher()
                hasher.combine(row.day)
                hasher.combine(row.adID)
                return hasher.finalize()
            },
            read: { row throws(UnusableRow) in try InsightObject.adDay(&row) }
        )
    }
}

extension WireRow {
    fileprivate mutating func results(
        _ metrics: [Metric]
    ) -> (results: Results, actions: Actions?, values: Actions?) {
        let actions = self.actions("actions")
        let values = self.actions("action_values")
        let purchases = Purchases(actions: actions, values: values)
        var lists = ["actions": actions, "action_values": values]
        let byGoal = metrics.contains(.results) ? self.resultList("results") : nil
        var results = Results.unknown
        for metric in metrics {
            switch metric.source {
            case .results(let part): results[metric] = byGoal?.quantity(part)
            case .customConversions: results[metric] = actions?.customConversions.map { .text($0) }
            case .insight(let field): results[metric] = insight(field, metric)
            case .events(let list, let types):
                results[metric] = events(list, &lists)?.sum(ofFirst: types).map { .amount($0) }
            case .purchases: results[metric] = purchases.count.map { .amount($0) }
            case .purchaseValue: results[metric] = purchases.value.map { .amount($0) }
            default: break
            }
        }
        return (results, actions, values)
    }

    /// A list of events, which is parsed once for all metrics that come from it.
    private mutating func events(_ list: String, _ known: inout [String: Actions?]) -> Actions? {
        if let parsed = known[list] { return parsed }
        let parsed = actions(list)
        known[list] = parsed
        return parsed
    }

    private mutating func insight(_ field: String, _ metric: Metric) -> Quantity? {
        if metric.isText { return word(ofMetric: field).map { .text($0) } }
        if metric.isWhole {
            return (metric.isAdditive ? count(field) : optionalCount(field)).map { .count($0) }
        }
        return (metric.isAdditive ? amount(field) : optionalAmount(field)).map { .amount($0) }
    }
}
