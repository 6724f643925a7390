import Foundation
import HTTPMessages
import Model
import Store

@testable import Endpoints

func checkQuery(_ input: [UInt8]) throws {
    let query = String(decoding: input, as: UTF8.self)
    if let parameters = try? QueryParameters(decoding: query) {
        let encoded = parameters.encoded
        let again = try QueryParameters(decoding: encoded)
        try hold(
            again.items.count == parameters.items.filter { !"\($0.name)\($0.value)".isEmpty }.count
                || again.items.count == parameters.items.count,
            "parameters got lost: \(encoded)"
        )
        for (one, other) in zip(parameters.items, again.items) {
            try hold(isSame(one.name, other.name) && isSame(one.value, other.value), "\(one) became \(other)")
            try hold(!"\(one.name)\(one.value)".utf8.contains(0), "a NUL in \(one)")
        }
    }
    for kind in AnswerKind.allCases {
        try checkQuestion(kind, query)
    }
}

private func checkQuestion(_ kind: AnswerKind, _ query: String) throws {
    let asked: AskedQuestion
    do {
        asked = try AskedQuestion(kind, HTTPRequest(path: "/api/\(kind.rawValue)", query: query))
    } catch let error as RequestError {
        return try checkRefusal(error, [400])
    }
    // One query has one canonical spelling, and parsing that spelling gives the same query.
    let again = try AskedQuestion(kind, HTTPRequest(path: "/api/\(kind.rawValue)", query: asked.canonical))
    try hold(isSame(asked.canonical, again.canonical), "\(asked.canonical) became \(again.canonical)")
    do {
        _ = try asked.question(AnswerDays(), of: AdAccount.ID(rawValue: "a")) { Array("another key".utf8) }
        guard RouteDescription.reading(kind).queryNames.contains("cursor") else { return }
        let parameters = try QueryParameters(decoding: query)
        try hold(parameters["cursor"] ?? "" == "", "a cursor that nobody signed was taken")
    } catch let error as RequestError {
        try checkRefusal(error, [400])
    }
}

/// The error for a sender of unreadable input.
func checkRefusal(_ error: RequestError, _ statuses: [Int]) throws {
    let response = error.response
    try hold(statuses.contains(response.status), "refused with \(response.status)")
    let members = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
    try hold(members.map { Set($0.keys) } == ["error", "code", "hint"], "an error without its members")
    try hold(response.body.count < 4096, "an error of \(response.body.count) bytes")
}
