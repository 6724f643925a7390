import HTTPMessages

/// The parameters of an insights request, checked.
struct InsightsQuery {
    let level: Level
    let fields: [InsightsField]
    /// One row per object and period; days of the account's zone, both ends included.
    let periods: [ClosedRange<Int>]
    let filters: [Filter]
    let limit: Int
    /// The offset of the first row.
    var offset: Int
    /// The columns of the sum over all rows; empty when none is wanted.
    let summary: [InsightsField]
    /// Distinguishes questions that have different rows.
    let identity: String

    /// - Parameters:
    ///   - node: the level of the object that is asked about; rows cannot be coarser.
    ///   - today: in the account's zone.
    init(_ parameters: QueryParameters, node: Level, today: Int, cap: Int) throws(GraphError) {
        let wanted = try Self.level(parameters["level"]) ?? node
        level = max(wanted, node)
        fields = try Self.fields(parameters["fields"], level)
        let range = try Self.range(parameters, today: today)
        periods = try Self.periods(range, increment: parameters["time_increment"])
        filters = try Filter.list(parameters["filtering"], on: level, finest: .ad)
        limit = try parameters.limit(cap: cap)
        offset = try Self.offset(parameters, limit: limit)
        summary = try Self.summary(parameters, fields, level)
        let days = periods.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
        identity = "\(level.name) \(days) \(parameters["filtering"] ?? "")"
    }

    /// The offset of the first row of the page that is asked for.
    static func offset(_ parameters: QueryParameters, limit: Int) throws(GraphError) -> Int {
        if let after = parameters["after"] {
            guard let last = Cursor.offset(after) else { throw .invalidCursor }
            return last + 1
        }
        if let before = parameters["before"] {
            guard let first = Cursor.offset(before) else { throw .invalidCursor }
            return max(first - limit, 0)
        }
        return 0
    }

    /// `default_summary=true` is for all numbers that were asked for; `summary` names some: `["spend","impressions"]`.
    private static func summary(
        _ parameters: QueryParameters,
        _ fields: [InsightsField],
        _ level: Level
    ) throws(GraphError) -> [InsightsField] {
        if parameters["default_summary"] == "true" { return fields.filter(\.isNumber) }
        guard let text = parameters["summary"], text != "true", text != "false" else { return [] }
        return try Self.fields(text, level).filter(\.isNumber)
    }

    /// The names in a `summary` parameter that this question does not have among its fields; nil when there are none.
    func missing(inSummary text: String?) throws(GraphError) -> String? {
        guard let text, text != "true", text != "false" else { return nil }
        let missing = try RequestedField.list(text).map(\.name).filter { name in
            !fields.contains { $0.rawValue == name }
        }
        return missing.isEmpty ? nil : missing.joined(separator: ", ")
    }

    private static func level(_ text: String?) throws(GraphError) -> Level? {
        guard let text else { return nil }
        guard let level = Level(name: text) else {
            throw .parameter("Param level must be one of {ad, adset, campaign, account}")
        }
        return level
    }

    private static func fields(_ text: String?, _ level: Level) throws(GraphError) -> [InsightsField] {
        guard let text, !text.isEmpty else {
            return [.accountID, .campaignID, .adSetID, .adID, .impressions, .spend].filter { $0.level <= level }
        }
        var fields: [InsightsField] = []
        for requested in try RequestedField.list(text) {
            guard let field = InsightsField(rawValue: requested.name) else {
                throw .unknownColumn(requested.name)
            }
            // Ids of finer levels are silently omitted. So are dates, which are in every row.
            if field.level <= level, !fields.contains(field) { fields.append(field) }
        }
        return fields
    }

    /// `time_range` goes before `date_preset`; without either it is the last 30 days.
    private static func range(_ parameters: QueryParameters, today: Int) throws(GraphError) -> ClosedRange<Int> {
        guard let text = parameters["time_range"] else {
            return try preset(parameters["date_preset"] ?? "last_30d", today: today)
        }
        guard let range = JSON(parsing: text.utf8), let since = range["since"]?.scalarText.flatMap(CivilDate.day),
            let until = range["until"]?.scalarText.flatMap(CivilDate.day)
        else { throw .parameter("Must be a date representation in the format YYYY-MM-DD: time_range") }
        guard since <= until else {
            throw .parameter("param time_range: since must not be later than until")
        }
        guard since >= CivilDate.months(37, before: today) else { throw .startTooEarly }
        return since...until
    }

    private static func preset(_ name: String, today: Int) throws(GraphError) -> ClosedRange<Int> {
        let (year, month, _) = CivilDate.parts(today)
        let monthStart = CivilDate.day(year, month, 1)
        switch name {
        case "today": return today...today
        case "yesterday": return today - 1...today - 1
        case "this_month": return monthStart...today
        case "last_month": return CivilDate.months(1, before: monthStart)...monthStart - 1
        case "this_year": return CivilDate.day(year, 1, 1)...today
        case "maximum", "data_maximum": return CivilDate.months(37, before: today)...today
        default:
            let lengths = ["last_3d": 3, "last_7d": 7, "last_14d": 14, "last_28d": 28, "last_30d": 30, "last_90d": 90]
            guard let length = lengths[name] else {
                throw .parameter(
                    "Param date_preset must be one of {today, yesterday, this_month, last_month, this_year, maximum, "
                        + "data_maximum, last_3d, last_7d, last_14d, last_28d, last_30d, last_90d}"
                )
            }
            // These end yesterday.
            return today - length...today - 1
        }
    }

    private static func periods(
        _ range: ClosedRange<Int>,
        increment: String?
    ) throws(GraphError) -> [ClosedRange<Int>] {
        guard let increment, increment != "all_days" else { return [range] }
        var starts: [Int] = []
        if increment == "monthly" {
            starts = range.filter { $0 == range.lowerBound || CivilDate.parts($0).date == 1 }
        } else {
            guard let days = Int(increment), (1...90).contains(days) else {
                throw .parameter("Param time_increment must be monthly, all_days or an integer from 1 to 90")
            }
            starts = Array(stride(from: range.lowerBound, through: range.upperBound, by: days))
        }
        let ends = starts.dropFirst().map { $0 - 1 } + [range.upperBound]
        return zip(starts, ends).map { $0...$1 }
    }
}
