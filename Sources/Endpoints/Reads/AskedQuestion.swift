internal import HTTPMessages
internal import Model
internal import Store

/// The question of a request to a read route. Complete except for its days, which depend on the account.
struct AskedQuestion {
    let kind: AnswerKind
    /// The account, as it was named.
    let reference: AccountReference?
    let bounds: DayBounds
    private let comparison: Comparison?
    let format: AnswerFormat
    let csvStyle: CSVStyle
    /// Everything that affects the response except account and days, in one order and one spelling; empty for the
    /// default question. Junk parameters, their order and their encoding therefore make no other cache entry.
    let canonical: String
    /// The question to which a cursor belongs, except account and days.
    private let listing: String
    private let cursor: String?
    private let make: (AnswerDays, Position?) -> any Question

    /// Rows that a page may have.
    static let limits = 1...5000
    /// The most characters of `q`. Names are not longer.
    static let longestSearch = 400

    init(_ kind: AnswerKind, _ request: HTTPRequest) throws {
        self.kind = kind
        let parameters = try Parameters(request, of: .reading(kind))
        reference = parameters["adAccountId"].map { AccountReference($0) }
        bounds = try DayBounds(parameters)
        comparison = try Comparison(parameters)
        if comparison != nil, bounds.isEmpty, kind != .insights { throw RequestError.comparisonWithoutRange }
        format = try AnswerFormat(request, parameters)
        csvStyle = try CSVStyle(parameters)

        var spelling = Spelling()
        switch kind {
        case .campaigns: make = try Self.table(.campaigns, parameters, format, &spelling)
        case .adSets: make = try Self.table(.adSets, parameters, format, &spelling)
        case .ads: make = try Self.table(.ads, parameters, format, &spelling)
        case .creatives: make = try Self.creatives(parameters, format, &spelling)
        case .insights: make = try Self.series(parameters, format, &spelling)
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
    func question(_ days: AnswerDays, of account: AdAccount.ID, key: () throws -> [UInt8]) throws -> any Question {
        guard let cursor else { return make(days, nil) }
        guard let position = signer(account, days, try key()).position(cursor) else { throw RequestError.cursorInvalid }
        return make(days, position)
    }

    /// The cursor that leads to the page after this one.
    func cursor(_ position: Position, _ days: AnswerDays, of account: AdAccount.ID, key: [UInt8]) -> String {
        signer(account, days, key).cursor(position)
    }

    /// A cursor belongs to the days themselves, because requests that name them differently share a cached page.
    private func signer(_ account: AdAccount.ID, _ days: AnswerDays, _ key: [UInt8]) -> CursorSigner {
        CursorSigner(key: key, context: "\(kind.rawValue) \(account) \(listing) \(days.text)")
    }

    /// The days that are meant. All pages of a list have the days of the first one, even if midnight is between them.
    /// - Parameter key: signs cursors.
    func days(in account: AdmittedAccount, key: () throws -> [UInt8]) throws -> AnswerDays {
        let days = try days(in: account, on: account.today)
        guard let cursor else { return days }
        let earlier = try self.days(in: account, on: account.today + -1)
        guard days != earlier, signer(account.id, earlier, try key()).position(cursor) != nil else { return days }
        return earlier
    }

    /// The days that are meant on a day: for /api/insights always some.
    private func days(in account: AdmittedAccount, on today: Day) throws -> AnswerDays {
        guard kind != .changes else { return AnswerDays() }
        let days = try bounds.days(in: account, on: today) ?? (kind == .insights ? .lastThirtyDays(until: today) : nil)
        return AnswerDays(days, compared: days.flatMap { comparison?.days(before: $0) })
    }
}

// MARK: The parameters of each route

extension AskedQuestion {
    enum SeriesLevel: String, CaseIterable {
        case account, campaign, adset, ad
    }

    private static func series(
        _ parameters: Parameters,
        _ format: AnswerFormat,
        _ spelling: inout Spelling
    ) throws -> (AnswerDays, Position?) -> any Question {
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
        let fields = try fields(
            parameters,
            format,
            own: SeriesQuestion.ownNames,
            all: SeriesQuestion.available(to: subject).map(\.name)
        )
        // A file of rows has no place for totals.
        let hasTotals = try parameters.flag("totals") ?? false && format == .json
        let conditions = try Condition.all(parameters, of: SeriesQuestion.available(to: subject))
        for condition in conditions { spelling.add("where", condition.spelling) }
        spelling.add("fields", fields?.joined(separator: ","))
        if hasTotals { spelling.add("totals", "true") }
        return { [subject] days, _ in
            // There always are days: see `days(in:)`.
            let range = days.requested ?? .lastThirtyDays(until: Day(daysSince1970: 0))
            var question = SeriesQuestion(subject, days: range)
            question.comparedDays = days.compared
            question.fields = fields
            question.rowConditions = conditions
            question.hasTotals = hasTotals
            return question
        }
    }

    private static func changes(
        _ parameters: Parameters,
        _ spelling: inout Spelling
    ) throws -> (AnswerDays, Position?) -> any Question {
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
struct Spelling {
    private var parameters = QueryParameters()

    mutating func add(_ name: String, _ value: String?) {
        if let value { parameters.append(name, value) }
    }

    var text: String { parameters.encoded }
}
