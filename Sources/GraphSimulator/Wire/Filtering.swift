/// One condition of the `filtering` parameter. All conditions of a request must hold.
struct Filter {
    /// The kind of node whose field is meant: the prefix, or the level of the edge.
    let level: Level
    let field: Field
    let `operator`: Operator
    /// Texts; times and numbers as decimal digits.
    let values: [String]
    private let numbers: [Double]
    /// The values, where they are statuses.
    private let statuses: StatusSet

    enum Field: String {
        case id
        case name
        case status
        case effectiveStatus = "effective_status"
        case updatedTime = "updated_time"
        case createdTime = "created_time"
        case startTime = "start_time"
        case endTime = "end_time"
        case dailyBudget = "daily_budget"
        case lifetimeBudget = "lifetime_budget"
        case optimizationGoal = "optimization_goal"
        case bidStrategy = "bid_strategy"
        case objective

        var operators: [Operator] {
            switch self {
            case .id, .status, .effectiveStatus, .optimizationGoal, .bidStrategy, .objective:
                [.equal, .notEqual, .in, .notIn]
            case .name: [.equal, .contain, .notContain]
            case .updatedTime, .createdTime, .startTime, .dailyBudget, .lifetimeBudget:
                [.greaterThan, .lessThan, .inRange, .notInRange]
            case .endTime: [.greaterThan, .lessThan, .inRange]
            }
        }

        func exists(on level: Level) -> Bool {
            switch self {
            case .id, .name, .status, .effectiveStatus, .updatedTime, .createdTime: level != .account
            case .startTime, .dailyBudget, .lifetimeBudget, .bidStrategy: level == .campaign || level == .adset
            case .endTime, .optimizationGoal: level == .adset
            case .objective: level == .campaign
            }
        }
    }

    /// Graph knows all of these; a field takes few of them.
    enum Operator: String, CaseIterable {
        case equal = "EQUAL"
        case notEqual = "NOT_EQUAL"
        case greaterThan = "GREATER_THAN"
        case greaterThanOrEqual = "GREATER_THAN_OR_EQUAL"
        case lessThan = "LESS_THAN"
        case lessThanOrEqual = "LESS_THAN_OR_EQUAL"
        case inRange = "IN_RANGE"
        case notInRange = "NOT_IN_RANGE"
        case contain = "CONTAIN"
        case notContain = "NOT_CONTAIN"
        case containsAny = "CONTAINS_ANY"
        case containsAll = "CONTAINS_ALL"
        case notContainsAny = "NOT_CONTAINS_ANY"
        case stemMatch = "STEM_MATCH"
        case `in` = "IN"
        case notIn = "NOT_IN"
        case startsWith = "STARTS_WITH"
        case endsWith = "ENDS_WITH"
        case any = "ANY"
        case all = "ALL"
        case after = "AFTER"
        case before = "BEFORE"
        case onOrAfter = "ON_OR_AFTER"
        case onOrBefore = "ON_OR_BEFORE"
        case none = "NONE"
        case top = "TOP"
    }

    /// Whether archived and deleted objects of a level may come back: someone asked by status.
    func asksForStatus(of level: Level) -> Bool {
        self.level == level && (field == .status || field == .effectiveStatus)
    }
}

// MARK: - Reading

extension Filter {
    /// The conditions of `filtering=[{"field":"ad.effective_status","operator":"IN","value":["ACTIVE"]}]`.
    /// - Parameters:
    ///   - level: what the edge or the insights rows are; a bare field is one of these.
    ///   - finest: the last level whose fields may be named. An edge knows its own and its parents'.
    static func list(_ text: String?, on level: Level, finest: Level) throws(GraphError) -> [Filter] {
        guard let text, !text.isEmpty else { return [] }
        guard let entries = JSON(parsing: text.utf8)?.elements else {
            throw .parameter("param filtering must be an array.")
        }
        var filters: [Filter] = []
        for (place, entry) in entries.enumerated() {
            // Delivery is the condition for having a row at all.
            if entry["field"]?.scalarText == "impressions", entry["value"]?.scalarText == "0" { continue }
            filters.append(try Filter(entry, place: place, on: level, finest: finest))
        }
        return filters
    }

    private init(_ entry: JSON, place: Int, on level: Level, finest: Level) throws(GraphError) {
        // The operator is looked at before the field.
        guard let `operator` = entry["operator"]?.scalarText.flatMap(Operator.init) else {
            let known = Operator.allCases.map(\.rawValue).joined(separator: ", ")
            throw .parameter("Param filtering[\(place)][operator] must be one of {\(known)}")
        }
        guard let name = entry["field"]?.scalarText else {
            throw .parameter("The parameter filtering[\(place)][field] is required")
        }
        let pieces = name.split(separator: ".", maxSplits: 1)
        let prefix = pieces.count == 2 ? Level(name: String(pieces[0])) : level
        guard let last = pieces.last, let owner = prefix, owner <= finest, let field = Field(rawValue: String(last)),
            field.exists(on: owner)
        else { throw .parameter("Filtering field '\(name)' is not supported") }
        guard field.operators.contains(`operator`) else {
            throw .parameter(
                "Filtering field '\(name)' with operation '\(`operator`.rawValue.lowercased())' is not supported"
            )
        }
        guard let value = entry["value"] else {
            throw .parameter("The parameter filtering[\(place)][value] is required")
        }
        values = (value.elements ?? [value]).compactMap(\.scalarText)
        numbers = values.compactMap { Double($0) }
        statuses = StatusSet(`operator` == .equal || `operator` == .notEqual ? Array(values.prefix(1)) : values)
        let wanted = [.inRange, .notInRange].contains(`operator`) ? 2 : 1
        let isNumeric = field.operators.contains(.greaterThan)
        if isNumeric ? numbers.count < wanted : values.isEmpty {
            throw .parameter("Param filtering[\(place)][value] is not valid for field '\(name)'")
        }
        self.level = owner
        self.field = field
        self.operator = `operator`
    }
}

// MARK: - Deciding

extension Filter {
    /// - Parameter index: the object of the filter's own level.
    func admits(_ index: Int, in account: SimulatedAccount) -> Bool {
        let object = account.objects(level)[index]
        switch field {
        case .id: return compare(String(object.id))
        case .name: return compare(object.name)
        case .status: return compare(object.status)
        case .effectiveStatus: return compare(account.effectiveStatus(level, index))
        case .updatedTime: return compare(object.updated)
        case .createdTime: return compare(object.created)
        case .startTime: return compare(account.startTime(object))
        case .endTime: return account.endTime(level, object).map(compare) ?? false
        case .dailyBudget: return compare(account.budget(level, object, lifetime: false))
        case .lifetimeBudget: return compare(account.budget(level, object, lifetime: true))
        case .optimizationGoal: return compare(account.optimizationGoal(object))
        case .bidStrategy: return compare(account.bidStrategy(level, object)?.scalarText ?? "")
        case .objective: return compare(account.objective(object).rawValue)
        }
    }

    private func compare(_ text: String) -> Bool {
        switch `operator` {
        case .equal: values[0] == text
        case .notEqual: values[0] != text
        case .in: values.contains(text)
        case .notIn: !values.contains(text)
        case .contain: contains(text)
        case .notContain: !contains(text)
        default: false
        }
    }

    private func compare(_ status: Status) -> Bool {
        statuses.contains(status) == (`operator` == .equal || `operator` == .in)
    }

    /// Without regard to case.
    private func contains(_ text: String) -> Bool {
        values[0].isEmpty || text.lowercased().contains(values[0].lowercased())
    }

    private func compare(_ budget: JSON?) -> Bool {
        budget?.scalarText.flatMap { Int($0) }.map(compare) ?? false
    }

    /// Ranges hold both ends; the comparisons are strict.
    private func compare(_ number: Int) -> Bool {
        let number = Double(number)
        switch `operator` {
        case .greaterThan: return number > numbers[0]
        case .lessThan: return number < numbers[0]
        case .inRange: return number >= numbers[0] && number <= numbers[1]
        case .notInRange: return number < numbers[0] || number > numbers[1]
        default: return false
        }
    }
}
