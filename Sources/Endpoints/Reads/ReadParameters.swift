internal import Model
internal import Store

// Parameters that several reads share, and examples of their errors.

extension RouteDescription.Parameter {
    static let adAccountID = Self(
        name: "adAccountId",
        description: "AdMirror's id of the account, or Facebook's with or without `act_`.",
        isRequired: true,
        schema: ["type": "string", "minLength": 1],
        example: "act_1569761797025413"
    )
}

extension RouteDescription {
    static let dayOrMoment: OrderedJSON = ["anyOf": [.day, .moment]]

    static let conditions = Parameter(
        name: "where",
        description: """
            A condition that rows meet: a field, an operator and a value, such as `spend>=50`. It may occur up to \
            \(Condition.most) times; all conditions must hold. Numbers and times have `=`, `!=`, `<`, `<=`, `>` \
            and `>=`. Texts have `=`, `!=` and `~` (contains), and ignore case. Unknown values meet only `=null`.
            """,
        isRepeatable: true,
        schema: .list(of: ["type": "string", "maxLength": .number(Condition.longest)])
            .adding(["maxItems": .number(Condition.most)]),
        example: "spend>=50,clicks>0"
    )

    static let from = Parameter(
        name: "from",
        description: """
            The first day of the metrics, or a time on it, in the account's time zone. The default is the 30 days until \
            `to`. A range has at most \(DayBounds.longest) days.
            """,
        schema: dayOrMoment,
        example: "2026-03-01"
    )
    static let to = Parameter(
        name: "to",
        description: "The last day of the metrics, or a time on it. The default is today.",
        schema: dayOrMoment,
        example: "2026-03-31"
    )
    static let range = Parameter(
        name: "range",
        description: """
            The days of the metrics by name, in the account's time zone, instead of `from` and `to`. Weeks begin on Monday. \
            Ranges that are not over yet end yesterday, unless they have no earlier day.
            """,
        schema: .choice(RelativeRange.allCases.map(\.rawValue)),
        example: RelativeRange.last7Days.rawValue
    )
    static let includeToday = Parameter(
        name: "includeToday",
        description: "`true` makes a `range` that is not over yet end today. Ignored without `range`.",
        schema: .choice(["true", "false"]).adding(["default": "false"])
    )
    static func fields(_ names: [String]) -> Parameter {
        let groups = Field.Group.allCases.map(\.rawValue)
        return Parameter(
            name: "fields",
            description: """
                The members that rows have, as a list with commas: names, groups, or `default` for those that they have \
                without it. The first of these is always there. `GET /api/fields` lists all.
                """,
            schema: .list(of: .choice([AskedQuestion.defaultFields] + groups + names.filter { !groups.contains($0) }))
                .adding(["maxItems": .number(AskedQuestion.mostFields)]),
            example: "default,cpm"
        )
    }
    static let withTotals = Parameter(
        name: "totals",
        description: "`true` adds `totals` to the response; tables also get `hidden` and `account`. Ignored for CSV.",
        schema: .choice(["true", "false"])
    )
    static let compare = Parameter(
        name: "compare",
        description: """
            Days to compare with: `previous` (as many days, right before), `previous_year` (the same days a year before), or \
            two days such as `2026-02-01..2026-02-28`. Rows and totals get `previous` with the same metrics; in CSV these \
            are columns such as `previous_spend`. The tables accept it only with a range.
            """,
        schema: .string,
        example: Comparison.words[0]
    )
    static let limit = Parameter(
        name: "limit",
        description: "Rows per page. Without it there is one page.",
        schema: .integer(in: AskedQuestion.limits),
        example: "100"
    )
    static let cursor = Parameter(
        name: "cursor",
        description: """
            Where the page begins: `paging.next` of the page before it, which was asked with the same parameters but for \
            `limit`.
            """,
        schema: .string
    )
    static let format = Parameter(
        name: "format",
        description: "`csv` for a file that spreadsheets open. The default follows the header `Accept`.",
        schema: .choice(AnswerFormat.allCases.map(\.rawValue)).adding(["default": .text(AnswerFormat.json.rawValue)])
    )
    static let byteOrderMark = Parameter(
        name: "bom",
        description: "`false` omits the byte order mark (U+FEFF) at the start of CSV. Ignored for JSON.",
        schema: .choice(["true", "false"]).adding(["default": "true"])
    )
    static let ids = Parameter(
        name: "ids",
        description: """
            `text` writes ids in CSV as `="120…"`, which Excel and Google Sheets do not round; `plain` writes digits, which \
            spreadsheets round to 15. Ignored for JSON.
            """,
        schema: .choice(CSVStyle.IDs.allCases.map(\.rawValue)).adding(["default": .text(CSVStyle.IDs.plain.rawValue)])
    )
    static let ifNoneMatch = Parameter(
        name: "If-None-Match",
        place: .header,
        description: "The `ETag` of the client's copy. If nothing has changed, the response is 304.",
        schema: .string
    )
}

extension RouteDescription {
    static let reversedRange = RequestError.rangeInvalid("from (2026-03-31) is after to (2026-03-01)")
    static let limitTooLarge = RequestError.parameterInvalid(
        "limit",
        "is not a whole number from \(AskedQuestion.limits.lowerBound) to \(AskedQuestion.limits.upperBound)"
    )
}
