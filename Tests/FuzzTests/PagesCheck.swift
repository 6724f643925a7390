import Foundation
import HTTPMessages
import Model

@testable import GraphAPI

/// This occurs in messages of the corpus and must never be shown.
private let secret = "EAABsecret0123"

func checkPages(_ input: [UInt8]) throws {
    for status in [200, 400] {
        let answer = GraphAnswer(
            response: HTTPResponse(status: status, body: input),
            secrets: [secret],
            account: "1"
        )
        try check(answer) { row in
            let value = try CampaignObject.read(&row, currency: "USD")
            return ([value.id], [value.dailyBudget, value.lifetimeBudget])
        }
        try check(answer) { row in
            let value = try AdSetObject.read(&row, currency: "JPY")
            return ([value.id, value.campaignID], [value.dailyBudget, value.lifetimeBudget, value.bidAmount])
        }
        try check(answer) { row in
            let value = try AdObject.read(&row)
            return ([value.id, value.adSetID, value.campaignID], [])
        }
        try check(answer) { row in
            let value = try InsightObject.adDay(&row)
            for text in [value.actions, value.actionValues].compactMap(\.self) { try checkActions(text) }
            let amounts = [Metric.spend, .conversions, .conversionValue, .results].map { value.results[$0]?.amount }
            try checkResults(value.results)
            return ([value.adID], amounts)
        }
        try check(answer) { row in ([try AccountObject.read(&row).facebookID], []) }
    }
    if let value = WireValue(parsing: input) {
        // The values that were read are written as strict JSON.
        let written = value.json
        let isStrict = (try? JSONSerialization.jsonObject(with: Data(written.utf8), options: .fragmentsAllowed)) != nil
        try hold(isStrict || written.utf8.count > 100_000, "not strict: \(written)")
    }
}

/// - Parameter read: the ids and amounts of a row.
private func check(_ answer: GraphAnswer, _ read: (inout WireRow) throws -> ([String?], [Amount?])) throws {
    do {
        let page = try Page(try answer.document(), "ads")
        for wire in page.rows {
            var row = WireRow(wire, "ad")
            do {
                let (ids, amounts) = try read(&row)
                for id in ids.compactMap(\.self) {
                    try hold(!id.isEmpty && id.utf8.allSatisfy { (0x30...0x39).contains($0) }, "id \(id)")
                }
                for amount in amounts.compactMap(\.self) {
                    try hold(amount >= .zero && Amount(decimal: amount.description) == amount, "amount \(amount)")
                }
            } catch let error as UnusableRow {
                try hold(error.defect.kind == .leftOut, "\(error.defect)")
            }
        }
    } catch let error as GraphError {
        try hold(!error.message.utf8.contains(Array(secret.utf8)), "a secret is told: \(error.message)")
        try hold(error.message.unicodeScalars.count <= 300, "a message of \(error.message.utf8.count) bytes")
        try hold(!error.message.utf8.contains { $0 < 0x20 }, "a message of several lines")
        if case .rateLimited(_, let seconds) = error.kind { try hold((1...86_400).contains(seconds), "\(seconds)") }
    }
}

/// PostgreSQL's jsonb must accept it.
private func checkActions(_ text: String) throws {
    let value = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let entries = value as? [[String: String]]
    try hold(entries != nil, "no list of actions: \(text)")
    for (name, value) in entries?.flatMap({ $0 }) ?? [] {
        try hold(!name.utf8.contains(0) && !value.utf8.contains(0), "a NUL in \(text)")
    }
}

/// Results are a number of one kind, several of several kinds, or unknown.
private func checkResults(_ results: Results) throws {
    let parts = [Metric.results, .resultIndicator, .resultMix].map { results[$0]?.description }
    try hold((parts[0] == nil) == (parts[1] == nil) && (parts[0] == nil || parts[2] == nil), "results \(parts)")
    try hold(parts[1].map { !$0.isEmpty && $0.utf8.count <= 200 && !$0.utf8.contains(0) } ?? true, "\(parts)")
    guard let mix = parts[2] else { return }
    let numbers = try JSONSerialization.jsonObject(with: Data(mix.utf8)) as? [String: Double]
    try hold(numbers.map { $0.count > 1 && $0.values.allSatisfy { $0 >= 0 } } ?? false, "no mix: \(mix)")
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
