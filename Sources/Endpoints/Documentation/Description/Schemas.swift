internal import Model
internal import Store

// JSON Schemas (2020-12) of request and response bodies.

extension OrderedJSON {
    // MARK: Values

    static let string: OrderedJSON = ["type": "string"]
    static let integer: OrderedJSON = ["type": "integer"]
    static let number: OrderedJSON = ["type": "number"]
    static let boolean: OrderedJSON = ["type": "boolean"]
    static let moment: OrderedJSON = ["type": "string", "format": "date-time"]
    static let day: OrderedJSON = ["type": "string", "format": "date"]
    static let accountID: OrderedJSON = ["type": "string", "format": "uuid"]
    static let objectID: OrderedJSON = [
        "type": "string",
        "pattern": "^[0-9]{\(Parameters.objectIDLength.lowerBound),\(Parameters.objectIDLength.upperBound)}$",
    ]

    static func constant(_ value: OrderedJSON) -> OrderedJSON { ["const": value] }

    static func choice(_ words: [String]) -> OrderedJSON { ["type": "string", "enum": OrderedJSON(texts: words)] }

    static func integer(in bounds: ClosedRange<Int>) -> OrderedJSON {
        ["type": "integer", "minimum": .number(bounds.lowerBound), "maximum": .number(bounds.upperBound)]
    }

    static func list(of schema: OrderedJSON) -> OrderedJSON { ["type": "array", "items": schema] }

    /// The schema, or `null`.
    var orNull: OrderedJSON {
        guard case .object(let members) = self, let type = self["type"], self["enum"] == nil else {
            return ["anyOf": [self, ["type": "null"]]]
        }
        return .object(members.map { $0.name == "type" ? Member(name: "type", value: [type, "null"]) : $0 })
    }

    // MARK: Objects

    /// An object that has all of these members. Later versions may add more.
    static func object(_ members: [(String, OrderedJSON)], optional: [(String, OrderedJSON)] = []) -> OrderedJSON {
        [
            "type": "object", "required": OrderedJSON(texts: members.map(\.0)),
            "properties": OrderedJSON(members: members + optional),
        ]
    }

    /// The rows of a list with these columns.
    static func rows(_ columns: [AnswerColumn]) -> OrderedJSON {
        list(of: object(columns.map { ($0.name, value(of: $0)) }))
    }

    /// The rows of one of the three tables. Callers choose the columns; without a choice rows have the table's own.
    static func rows(_ table: AnswerTable) -> OrderedJSON {
        let own = Set(table.columns.map(\.name))
        let columns = table.columns + table.available.filter { !own.contains($0.name) }
        let members = columns.map { ($0.name, value(of: $0)) }
        let optional = members.filter { $0.0 != "id" } + [("previous", previous(table.totalNames))]
        return list(of: object(members.filter { $0.0 == "id" }, optional: optional))
    }

    /// The rows of groups. Callers choose the columns.
    static func groups(_ columns: [AnswerColumn]) -> OrderedJSON {
        let members = columns.map { ($0.name, value(of: $0)) }
        return list(of: object(members.filter { $0.0 == "id" }, optional: members.filter { $0.0 != "id" }))
    }

    /// The rows of a series: a day, and the numbers that were asked for.
    static func days(_ names: [String]) -> OrderedJSON {
        let metrics = metrics(names.filter { $0 != SeriesQuestion.date })
        let previous = object([(SeriesQuestion.date, day.orNull)], optional: metrics)
        return list(of: object([(SeriesQuestion.date, day)], optional: metrics + [("previous", previous)]))
    }

    /// The metrics of the days to compare with.
    static func previous(_ names: [String]) -> OrderedJSON {
        object([], optional: metrics(names)).adding([
            "description": "The same metrics over the compared days. Only with `compare`."
        ])
    }

    /// The values of metrics, by the fields' names.
    static func metrics(_ names: [String]) -> [(String, OrderedJSON)] {
        names.map { ($0, (Field.named($0)?.kind == .text ? string : number).orNull) }
    }

    private static func value(of column: AnswerColumn) -> OrderedJSON {
        let schema: OrderedJSON =
            switch column.kind {
            case .text: string
            case .number: number
            case .json: list(of: ["type": "object"])
            case .timestamp: moment
            case .ids: list(of: objectID)
            case .firstDay, .lastDay: day
            }
        return column.isNullable ? schema.orNull : schema
    }

    /// The body of every error.
    static func error(_ codes: [String]) -> OrderedJSON {
        object([("error", string), ("code", choice(codes)), ("hint", string)])
    }
}
