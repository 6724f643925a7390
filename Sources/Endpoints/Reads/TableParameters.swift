internal import Model
internal import Store

// The parameters of the three tables.

extension AskedQuestion {
    static func table(
        _ table: AnswerTable,
        _ parameters: Parameters,
        _ format: AnswerFormat,
        _ spelling: inout Spelling
    ) throws -> (AnswerDays, Position?) -> any Question {
        var question = TableQuestion(table)
        question.statuses = try statuses(parameters)
        question.campaignID = try parameters.objectID("campaignId")
        question.adSetID = try parameters.objectID("adSetId")
        question.search = parameters["q"].map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
        if let search = question.search, search.unicodeScalars.count > longestSearch {
            throw RequestError.parameterInvalid(
                "q",
                "is longer than \(longestSearch) characters, the longest name"
            )
        }
        question.rowConditions = try Condition.all(parameters, of: table.available)
        // A file of rows has no place for totals.
        question.hasTotals = try parameters.flag("totals") ?? false && format == .json
        question.fields = try fields(
            parameters,
            format,
            own: table.columns.map(\.name),
            all: table.available.map(\.name)
        )
        question.order = try order(table.available, parameters, standard: .newestFirst)
        question.limit = try parameters.number("limit", in: limits)

        add(question, to: &spelling)
        spelling.add("q", question.search)
        for condition in question.rowConditions { spelling.add("where", condition.spelling) }
        if question.hasTotals { spelling.add("totals", "true") }
        spelling.add("fields", question.fields?.joined(separator: ","))
        if question.order != .newestFirst {
            spelling.add("sort", (question.order.isDescending ? "-" : "") + question.order.column)
        }
        return { [question] days, position in
            var question = question
            question.days = days.requested
            question.comparedDays = days.compared
            question.after = position
            return question
        }
    }

    /// Adds the parameters that decide which objects count.
    static func add(_ question: TableQuestion, to spelling: inout Spelling) {
        switch question.statuses {
        case .current: break
        case .all: spelling.add("status", "ALL")
        case .only(let words): spelling.add("status", words.joined(separator: ","))
        }
        spelling.add("campaignId", question.campaignID)
        spelling.add("adSetId", question.adSetID)
    }

    /// All that `status` and `effective_status` can be (Marketing API v23.0, the fields of campaigns, ad sets and ads).
    static let statusWords = [
        "ACTIVE", "ADSET_PAUSED", "ARCHIVED", "CAMPAIGN_PAUSED", "DELETED", "DISAPPROVED", "IN_PROCESS", "PAUSED",
        "PENDING_BILLING_INFO", "PENDING_REVIEW", "PREAPPROVED", "WITH_ISSUES",
    ]

    static func statuses(_ parameters: Parameters) throws -> TableQuestion.Statuses {
        guard let text = parameters["status"] else { return .current }
        let words = Set(text.split(separator: ",").map { $0.filter { $0 != " " }.uppercased() })
        guard !words.isEmpty, words.isSubset(of: statusWords + ["ALL"]) else {
            throw RequestError.parameterInvalid(
                "status",
                "is neither ALL nor a comma-separated list of \(statusWords.joined(separator: ", "))"
            )
        }
        return words.contains("ALL") ? .all : .only(words.sorted())
    }

    /// - Parameter standard: The order without the parameter.
    static func order(
        _ available: [AnswerColumn],
        _ parameters: Parameters,
        standard: TableQuestion.Order,
        takesCustom: Bool = true
    ) throws -> TableQuestion.Order {
        guard let text = parameters["sort"] else { return standard }
        let isDescending = text.hasPrefix("-")
        let name = isDescending ? String(text.dropFirst()) : text
        guard available.contains(where: { $0.name == name }) || takesCustom && CustomConversion.id(inField: name) != nil
        else {
            let names = available.map(\.name).joined(separator: ", ")
            throw RequestError.parameterInvalid("sort", "is not one of \(names), with - before it for descending")
        }
        return TableQuestion.Order(name, isDescending: isDescending)
    }
}
