internal import HTTPMessages
internal import Model
internal import Store

/// The question of a request to a read route. Complete except for its days, which depend on the account.
struct AskedQuestion {
    let kind: AnswerKind
    /// The account, as it was named.
    let reference: AccountReference?
    let bounds: DayBounds
    let format: AnswerFormat
    let csvStyle: CSVStyle
    /// Everything that affects the response except account and days, in one order and one spelling; empty for the
    /// default question. Junk parameters, their order and their encoding therefore make no other cache entry.
    let canonical: String
    /// The question to which a cursor belongs, except account and days.
    private let listing: String
    private let cursor: String?
    private let make: (DayRange?, Position?) -> any Question

    /// Rows that a page may have.
    static let limits = 1...5000
    /// The most characters of `q`. Names are not longer.
    static let longestSearch = 400

    init(_ kind: AnswerKind, _ request: HTTPRequest) throws {
        self.kind = kind
        let parameters = try Parameters(request, of: .reading(kind))
        reference = parameters["adAccountId"].map { AccountReference($0) }
        bounds = try DayBounds(parameters)
        format = try AnswerFormat(request, parameters)
        csvStyle = try CSVStyle(parameters)

        var spelling = Spelling()
        switch kind {
        case .campaigns: make = try Self.table(.campaigns, parameters, format, &spelling)
        case .adSets: make = try Self.table(.adSets, parameters, format, &spelling)
        case .ads: make = try Self.table(.ads, parameters, format, &spelling)
        case .insights: make = try Self.series(parameters, &spelling)
        case .changes: make = try Self.changes(parameters, &spelling)
        }
        listing = spelling.text
        cursor = parameters["cursor"]
        spelling.add("limit", try parameters.number("limit", in: Self.limits).map(String.init))
        spelling.add("cursor", cursor)
        if format == .csv {
            spelling.add("format", format.rawValue)
            spelling.add("bom", csvStyle.beginsWithMark ? nil : "false")
            spelling.add("ids", csvStyle.ids == .plain ? nil : csvStyle.ids.rawValue)
        }
        canonical = spelling.text
    }

    /// The question to the database.
    /// - Parameter key: signs cursors.
    func question(_ days: DayRange?, of account: AdAccount.ID, key: () throws -> [UInt8]) throws -> any Question {
        guard let cursor else { return make(days, nil) }
        guard let position = signer(account, days, try key()).position(cursor) else { throw RequestError.cursorInvalid }
        return make(days, position)
    }

    /// The cursor that leads to the page after this one.
    func cursor(_ position: Position, _ days: DayRange?, of account: AdAccount.ID, key: [UInt8]) -> String {
        signer(account, days, key).cursor(position)
    }

    /// A cursor belongs to the days themselves, because requests that name them differently share a cached page.
    private func signer(_ account: AdAccount.ID, _ days: DayRange?, _ key: [UInt8]) -> CursorSigner {
        let range = days.map { "\($0.since) \($0.until)" } ?? ""
        return CursorSigner(key: key, context: "\(kind.rawValue) \(account) \(listing) \(range)")
    }

    /// The days that are meant. All pages of a list have the days of the first one, even if midnight is between them.
    /// - Parameter key: signs cursors.
    func days(in account: AdmittedAccount, key: () throws -> [UInt8]) throws -> DayRange? {
        let days = try days(in: account, on: account.today)
        guard let cursor else { return days }
        let earlier = try self.days(in: account, on: account.today + -1)
        guard days != earlier, signer(account.id, earlier, try key()).position(cursor) != nil else { return days }
        return earlier
    }

    /// The days that are meant on a day: for /api/insights always some.
    private func days(in account: AdmittedAccount, on today: Day) throws -> DayRange? {
        switch kind {
        case .campaigns, .adSets, .ads: try bounds.days(in: account, on: today)
        case .insights: try bounds.days(in: account, on: today) ?? .lastThirtyDays(until: today)
        case .changes: nil
        }
    }
}

// MARK: The parameters of each route

extension AskedQuestion {
    private static func table(
        _ table: AnswerTable,
        _ parameters: Parameters,
        _ format: AnswerFormat,
        _ spelling: inout Spelling
    ) throws -> (DayRange?, Position?) -> any Question {
        var question = TableQuestion(table)
        question.statuses = try statuses(parameters)
        question.campaignID = try parameters.objectID("campaignId")
        question.adSetID = try parameters.objectID("adSetId")
        question.search = parameters["q"].map(trimmed).flatMap { $0.isEmpty ? nil : $0 }
        if let search = question.search, search.unicodeScalars.count > longestSearch {
            throw RequestError.parameterInvalid(
                "q",
                "is longer than \(longestSearch) characters, the longest name"
            )
        }
        question.hasTotals = try parameters.flag("totals") ?? false
        question.fields = try fields(table, parameters, format)
        question.order = try order(table, parameters)
        question.limit = try parameters.number("limit", in: limits)

        switch question.statuses {
        case .current: break
        case .all: spelling.add("status", "ALL")
        case .only(let words): spelling.add("status", words.joined(separator: ","))
        }
        spelling.add("campaignId", question.campaignID)
        spelling.add("adSetId", question.adSetID)
        spelling.add("q", question.search)
        if question.hasTotals { spelling.add("totals", "true") }
        spelling.add("fields", question.fields?.joined(separator: ","))
        if question.order != .newestFirst {
            spelling.add("sort", (question.order.isDescending ? "-" : "") + question.order.column)
        }
        return { [question] days, position in
            var question = question
            question.days = days
            question.after = position
            return question
        }
    }

    /// Spaces around the search text do not count.
    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(
            start.prefix(upTo: (start.lastIndex { !$0.isWhitespace }).map(start.index(after:)) ?? start.endIndex)
        )
    }

    /// All that `status` and `effective_status` can be (Marketing API v23.0, the fields of campaigns, ad sets and ads).
    static let statusWords = [
        "ACTIVE", "ADSET_PAUSED", "ARCHIVED", "CAMPAIGN_PAUSED", "DELETED", "DISAPPROVED", "IN_PROCESS", "PAUSED",
        "PENDING_BILLING_INFO", "PENDING_REVIEW", "PREAPPROVED", "WITH_ISSUES",
    ]

    private static func statuses(_ parameters: Parameters) throws -> TableQuestion.Statuses {
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

    private static func order(_ table: AnswerTable, _ parameters: Parameters) throws -> TableQuestion.Order {
        guard let text = parameters["sort"] else { return .newestFirst }
        let isDescending = text.hasPrefix("-")
        let name = isDescending ? String(text.dropFirst()) : text
        guard table.available.contains(where: { $0.name == name }) else {
            let names = table.available.map(\.name).joined(separator: ", ")
            throw RequestError.parameterInvalid("sort", "is not one of \(names), with - before it for descending")
        }
        return TableQuestion.Order(name, isDescending: isDescending)
    }

    /// The most names in `fields`.
    static let mostFields = 200
    /// The word for the columns that a table has by itself.
    static let defaultFields = "default"

    /// The columns to answer with; `nil` for those that the table has by itself. Each name counts once. CSV has them in the order
    /// in which they were asked for, members of JSON have none, so that one choice is one cache entry.
    private static func fields(
        _ table: AnswerTable,
        _ parameters: Parameters,
        _ format: AnswerFormat
    ) throws -> [String]? {
        guard let text = parameters["fields"] else { return nil }
        let (own, all) = (table.columns.map(\.name), table.available.map(\.name))
        let words = text.split(separator: ",").map { trimmed(String($0)) }
        guard words.count <= mostFields else {
            throw RequestError.parameterInvalid("fields", "has more than \(mostFields) names")
        }
        var names = ["id"]
        for word in words where !word.isEmpty {
            if word == defaultFields {
                names += own
            } else if let group = Field.Group(rawValue: word) {
                names += all.filter { Field.named($0)?.group == group }
            } else if all.contains(word) {
                names.append(word)
            } else {
                throw RequestError.fieldUnknown(word)
            }
        }
        let chosen = Set(names)
        guard chosen != Set(own) || format == .csv else { return nil }
        if format == .json { return all.filter(chosen.contains) }
        var seen: Set<String> = []
        names = names.filter { seen.insert($0).inserted }
        return names == own ? nil : names
    }

    enum SeriesLevel: String, CaseIterable {
        case account, campaign, adset, ad
    }

    private static func series(
        _ parameters: Parameters,
        _ spelling: inout Spelling
    ) throws -> (DayRange?, Position?) -> any Question {
        let level = try parameters.choice("level", of: SeriesLevel.self) ?? .account
        let id = try parameters.objectID("id")
        var subject = SeriesQuestion.Subject.account
        if let objectLevel = Level(rawValue: level.rawValue) {
            guard let id else {
                throw RequestError.parameterInvalid(
                    "id",
                    "is missing: level \(level.rawValue) needs the id of an object"
                )
            }
            subject = .object(objectLevel, id: id)
            spelling.add("level", level.rawValue)
            spelling.add("id", id)
        }
        return { [subject] days, _ in
            // There always are days: see `days(in:)`.
            SeriesQuestion(subject, days: days ?? .lastThirtyDays(until: Day(daysSince1970: 0)))
        }
    }

    private static func changes(
        _ parameters: Parameters,
        _ spelling: inout Spelling
    ) throws -> (DayRange?, Position?) -> any Question {
        var question = ChangesQuestion()
        switch try parameters.dayBound("since") {
        case .day(let day):
            question.since = .day(day)
            spelling.add("since", day.description)
        case .moment(let moment):
            question.since = .moment(moment)
            spelling.add("since", moment.description)
        case nil: break
        }
        question.limit = try parameters.number("limit", in: limits)
        return { [question] _, position in
            var question = question
            question.after = position
            return question
        }
    }
}

/// Parameters as one text.
private struct Spelling {
    private var parameters = QueryParameters()

    mutating func add(_ name: String, _ value: String?) {
        if let value { parameters.append(name, value) }
    }

    var text: String { parameters.encoded }
}
