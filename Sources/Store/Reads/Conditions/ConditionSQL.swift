internal import Model

/// Conditions as SQL. Everything that a request names travels as a parameter.
///
/// An unknown value is NULL, and no comparison with NULL is true. Therefore only `= null` holds for it.
struct ConditionSQL {
    /// The parameter with the account's id.
    let account: String
    /// The value of the condition's field. SQL of a day if the column is one of the days of the answer.
    let value: String
    let kind: AnswerColumn.Kind

    func condition(_ condition: Condition, _ values: inout Values) -> String {
        switch condition.value {
        case .unknown:
            return "(\(value)) IS \(condition.comparison == .equal ? "NULL" : "NOT NULL")"
        case .number(let digits):
            return compare("(\(value))::numeric", condition, values.add(digits, "numeric"))
        case .flag(let flag):
            return compare("(\(value))::boolean", condition, values.add("\(flag)", "boolean"))
        case .text(let text):
            let (own, other) = (FoldedText.sql("(\(value))::text"), FoldedText.sql(values.add(text, "text")))
            return condition.comparison == .contains
                ? "position(\(other) IN \(own)) > 0" : compare(own, condition, other)
        case .day(let day):
            return compare(kind == .timestamp ? dayInZone(value) : value, condition, values.add(day, "date"))
        case .moment(let moment):
            let other = values.add(moment.description, "timestamptz")
            // Rows show whole seconds.
            return kind == .timestamp
                ? compare("date_trunc('second', \(value))", condition, other)
                : compare(value, condition, dayInZone(other))
        }
    }

    private func compare(_ value: String, _ condition: Condition, _ other: String) -> String {
        let symbol =
            switch condition.comparison {
            case .equal, .contains: "="
            case .unequal: "<>"
            case .less: "<"
            case .atMost: "<="
            case .more: ">"
            case .atLeast: ">="
            }
        return "\(value) \(symbol) \(other)"
    }

    private func dayInZone(_ moment: String) -> String {
        "(\(moment) AT TIME ZONE (SELECT time_zone FROM ad_accounts WHERE id = \(account)))::date"
    }
}
