import HTTPMessages
import Model
import Postgres

@testable import Endpoints
@testable import Store

/// The first line is the parameter `fields`, each other line a `where`.
func checkConditions(_ input: [UInt8]) throws {
    let lines = input.split(separator: 0x0A, omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
    let (fields, conditions) = (lines[0], Array(lines.dropFirst()))
    for kind in [AnswerKind.campaigns, .adSets, .ads] {
        guard let asked = try question(kind, fields, conditions) else { continue }
        let statement = try statementOf(asked)
        try hold(statement.sql.utf8.allSatisfy { $0 < 0x80 }, "a request's text in the statement: \(statement.sql)")
        try hold(statement.sql.utf8.count < 100_000, "a statement of \(statement.sql.utf8.count) bytes")
        // The same conditions in another order, each of them twice, are the same question.
        guard conditions.count <= Condition.most / 2 else { continue }
        let again = try question(kind, fields, conditions.reversed() + conditions)
        try hold(
            isSame(again?.canonical, asked.canonical),
            "\(asked.canonical) became \(again?.canonical ?? "an error")"
        )
        guard let again else { continue }
        let other = try statementOf(again)
        try hold(other.sql == statement.sql && other.parameters == statement.parameters, "\(asked.canonical) changed")
    }
}

/// `nil` for what is refused.
private func question(_ kind: AnswerKind, _ fields: String, _ conditions: [String]) throws -> AskedQuestion? {
    var query = QueryParameters([.init(name: "fields", value: fields)])
    for condition in conditions { query.append("where", condition) }
    do {
        return try AskedQuestion(kind, HTTPRequest(path: "/api/\(kind.rawValue)", query: query.encoded))
    } catch let error as RequestError {
        try checkRefusal(error, [400])
        return nil
    }
}

private func statementOf(_ asked: AskedQuestion) throws -> Query {
    let days = AnswerDays(DayRange(since: Day(daysSince1970: 20_000), until: Day(daysSince1970: 20_006)))
    let account = AdAccount.ID(rawValue: "a")
    return try asked.question(days, of: account) { [] }.statement(of: account, rows: nil).query
}
