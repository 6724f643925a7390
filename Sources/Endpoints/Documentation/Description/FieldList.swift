internal import Model
internal import Store

/// What `GET /api/fields` answers: the catalogue of fields.
enum FieldList {
    static let document = OrderedJSON(members: [("fields", .array(Field.all.map(value)))]).bytes

    private static func value(_ field: Field) -> OrderedJSON {
        OrderedJSON(members: [
            ("name", .text(field.name)), ("label", .text(field.label)), ("description", .text(field.description)),
            ("kind", .text(field.kind.rawValue)), ("additive", .flag(field.isAdditive)),
            ("levels", OrderedJSON(texts: (isOfAccounts(field) ? ["account"] : []) + field.levels.map(\.rawValue))),
            ("default", OrderedJSON(texts: field.levels.filter { isDefault(field, $0) }.map(\.rawValue))),
            ("source", .text(field.source.text)), ("formula", formula(field)), ("same_as", sameAs(field)),
            ("group", .text(field.group.rawValue)),
        ])
    }

    /// Whether the account as a whole has it: in its series of days, or in its totals.
    private static func isOfAccounts(_ field: Field) -> Bool {
        AccountTotals.names.contains(field.name)
            || SeriesQuestion.available(to: .account).contains { $0.name == field.name }
    }

    private static func isDefault(_ field: Field, _ level: Level) -> Bool {
        AnswerTable.of(level).columns.contains { $0.name == field.name }
    }

    private static func formula(_ field: Field) -> OrderedJSON {
        guard case .formula(let formula) = field.source else { return .null }
        return [
            "dividend": .text(formula.dividend), "factor": .number(formula.factor), "divisor": .text(formula.divisor),
        ]
    }

    private static func sameAs(_ field: Field) -> OrderedJSON {
        if case .sameAs(let name) = field.source { .text(name) } else { .null }
    }

    static let schema = OrderedJSON.object([
        ("name", .string), ("label", .string), ("description", .string),
        ("kind", .choice(Field.Kind.allCases.map(\.rawValue))),
        (
            "additive",
            .boolean.adding(["description": "Whether the values of several days and objects can be added up."])
        ),
        ("levels", .list(of: .choice(["account"] + Level.allCases.map(\.rawValue)))),
        (
            "default",
            .list(of: .choice(Level.allCases.map(\.rawValue))).adding([
                "description": "The levels whose rows have it when `fields` is left out."
            ])
        ),
        ("source", .string.adding(["description": "Where the values come from, in Facebook's spelling."])),
        (
            "formula",
            OrderedJSON.object([("dividend", .string), ("factor", .integer), ("divisor", .string)]).orNull
                .adding(["description": "`dividend × factor ÷ divisor`, of fields that add up."])
        ),
        ("same_as", .string.orNull.adding(["description": "The field for which this is another name."])),
        ("group", .choice(Field.Group.allCases.map(\.rawValue))),
    ])
}

extension Field.Source {
    /// For people: `insights.spend`, `actions:post_engagement`, `object.name`.
    fileprivate var text: String {
        switch self {
        case .id: "object.id"
        case .object(let field, let ofCampaigns):
            "object.\(field)" + (ofCampaigns.map { ", object.\($0) of campaigns" } ?? "")
        case .facts(let text): text
        case .owner(let level, let field): "\(level.rawValue).\(field)"
        case .adsManager: "object.id"
        case .creative(let field): "creative.\(field)"
        case .picture: "creative.picture"
        case .first(let fields): fields.map { "object.\($0)" }.joined(separator: " or ")
        case .parentID(let level): "\(level.rawValue).id"
        case .parentName(let level): "\(level.rawValue).name"
        case .insight(let field): "insights.\(field)"
        case .events(let list, let types): types.map { "insights.\(list):\($0)" }.joined(separator: ", else ")
        case .purchases: "insights.actions"
        case .purchaseValue: "insights.action_values"
        case .results, .resultType: "insights.results"
        case .customConversions: "insights.actions"
        case .formula: "formula"
        case .sameAs(let name): name
        case .stored(let name): Field.named(name)?.source.text ?? name
        case .firstDay, .lastDay: "period"
        }
    }
}
