import Foundation
import HTTPMessages
import Model

@testable import GraphAPI

/// In messages of the corpus, which nobody must get to see.
private let secret = "EAABsecret0123"

func checkPages(_ input: [UInt8]) throws {
    for status in [200, 400] {
        let answer = GraphAnswer(
            response: HTTPResponse(status: status, body: input),
            secrets: [secret],
            account: "1"
        )
        try check(answer) { (object: CampaignObject) in
            let value = try object.model(currency: "USD")
            return ([value.id], [value.dailyBudget, value.lifetimeBudget])
        }
        try check(answer) { (object: AdSetObject) in
            let value = try object.model(currency: "JPY")
            return ([value.id, value.campaignID], [value.dailyBudget, value.lifetimeBudget, value.bidAmount])
        }
        try check(answer) { (object: AdObject) in
            let value = try object.model()
            return ([value.id, value.adSetID, value.campaignID], [])
        }
        try check(answer) { (object: InsightObject) in
            let value = try object.adDay()
            for text in [value.actions, value.actionValues].compactMap(\.self) { try checkActions(text) }
            return ([value.adID], [value.results.spent, value.results.conversions, value.results.conversionValue])
        }
        try check(answer) { (object: AccountObject) in ([try object.summary().facebookID], []) }
    }
}

/// - Parameter read: ids and amounts of a row.
private func check<Object: Decodable>(_ answer: GraphAnswer, _ read: (Object) throws -> ([String], [Money?])) throws {
    do {
        let page: Page<Object> = try answer.decode()
        for row in page.data {
            let (ids, amounts) = try read(row)
            for id in ids { try hold(!id.isEmpty && id.utf8.allSatisfy { (0x30...0x39).contains($0) }, "id \(id)") }
            for amount in amounts.compactMap(\.self) {
                try hold(amount >= .zero && Money(decimal: amount.description) == amount, "amount \(amount)")
            }
        }
        _ = page.paging?.after
    } catch let error as GraphError {
        try hold(!error.message.utf8.contains(Array(secret.utf8)), "a secret is told: \(error.message)")
        try hold(error.message.unicodeScalars.count <= 300, "a message of \(error.message.utf8.count) bytes")
        try hold(!error.message.utf8.contains { $0 < 0x20 }, "a message of several lines")
        if case .rateLimited(_, let seconds) = error.kind { try hold((1...86_400).contains(seconds), "\(seconds)") }
    }
}

/// PostgreSQL's jsonb has to take it.
private func checkActions(_ text: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let entries = value as? [[String: String]]
    try hold(entries != nil, "no list of actions: \(text)")
    for (name, value) in entries?.flatMap({ $0 }) ?? [] {
        try hold(!name.utf8.contains(0) && !value.utf8.contains(0), "a NUL in \(text)")
    }
}

func checkUsage(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    let names = ["x-app-usage", "x-ad-account-usage", "x-business-use-case-usage", "x-fb-ads-insights-throttle"]
    var headers = HTTPHeaders()
    for name in names { headers.add(name, text) }
    let now = 1_800_000_000.0
    var usage = Usage()
    usage.note(headers, account: "1", now: now)
    for (quota, reading) in usage.readings {
        try hold((0...1000).contains(reading.percent), "\(quota): \(reading)")
        try hold((now...(now + 86_400)).contains(reading.heldUntil ?? now), "\(quota): \(reading)")
    }
    try hold((0...1000).contains(usage.load(now: now)), "load \(usage.load(now: now))")
    if let seconds = Usage.secondsToRegain(headers, account: "1") {
        try hold(seconds > 0 && seconds <= 86_400, "held for \(seconds)")
    }
    if let moment = Timestamp(httpDate: text) { try hold(Timestamp(moment.description) == moment, "\(moment)") }
}
