import Foundation
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

@testable import GraphSimulator

/// Once a fault ends, ordinary syncs alone make everything equal to Facebook, within two days. Until then the account
/// reports that something is missing.
@Suite struct RecoveryTests {
    /// Seconds between the syncs that follow the end of a fault: less than two days in all.
    private static let steps: [Double] = [600, 600, 3600, 3600, 21_600, 86_400]

    /// The parameters of an order beside its name.
    private static let details: [FaultName: String] = [
        .fieldRefused: #","field":"action_values""#, .huge: #","value":1"#, .error: #","code":2,"status":500"#,
        .reduceData: #","value":0"#, .latency: #","value":100"#, .vanish: #","value":40"#,
        .reportSlow: #","value":120"#, .damagedValues: #","kind":"types""#,
    ]

    private static let faults = FaultName.allCases

    private let sample: Sample

    init() throws {
        sample = try Sample()
        sample.settings = SyncSettings()
        sample.simulator.pageSizeCap = 25
        sample.simulator.insightsPageSizeCap = 200
    }

    @Test("a new account that meets a fault is complete soon after the fault ends", arguments: faults)
    func fromTheStart(fault: FaultName) throws {
        try meet(fault)
    }

    @Test(
        "a complete account that changes during a fault is complete again soon after the fault ends",
        arguments: faults.filter { $0.kind == .page || $0.kind == .report || $0 == .reduceData || $0 == .transient }
    )
    func later(fault: FaultName) throws {
        #expect(try sample.sync() == .done)
        let truth = Truth(sample)
        #expect(try truth.differences() == [])
        try sample.renameOneOfEach(to: "Renamed")
        sample.order(#"{"fault":"restate","days":40,"percent":50}"#)
        guard fault == .vanish else { return try meet(fault) }
        // A truncated list of updates with a matching count looks like one with fewer updates, and a few missing
        // objects count as deleted: here listings lose more than that.
        try sample.pass(21_600, movesClock: false)
        try meet(fault, #","value":10"#)
    }

    @Test(
        "lists of results that are empty or short at one level do no lasting harm, and the account reports them",
        arguments: [FaultName.insightsEmpty, .insightsShort],
        ["account", "campaign", "adset", "ad"]
    )
    func oneLevel(fault: FaultName, level: String) throws {
        try meet(fault, #","level":"\#(level)""#)
        try sample.renameOneOfEach(to: "Renamed")
        sample.order(#"{"fault":"restate","days":40,"percent":50}"#)
        try meet(fault, #","level":"\#(level)""#)
    }

    @Test("damaged values are right soon after the damage ends", arguments: DamagedValues.allCases)
    func damaged(kind: DamagedValues) throws {
        try meet(.damagedValues, #","kind":"\#(kind.rawValue)""#)
    }

    /// Syncs several times during the fault, ends it, and continues. Nothing is lost meanwhile.
    private func meet(_ fault: FaultName, _ details: String? = nil) throws {
        sample.order(#"{"fault":"\#(fault.rawValue)"\#(details ?? Self.details[fault] ?? "")}"#)
        for _ in 0..<3 { try syncAfter(600) }
        sample.calm()
        try reconnect()
        let truth = Truth(sample)
        var differences = try truth.differences()
        for seconds in Self.steps where !differences.isEmpty {
            #expect(try saysThatSomethingIsMissing(), "\(fault): \(differences)")
            try syncAfter(seconds)
            differences = try truth.differences()
        }
        #expect(differences == [])
        // Then nothing is reported as missing any more.
        try syncAfter(600)
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        #expect(status.error == nil)
        #expect(status.parts.isComplete, "\(status.parts)")
    }

    /// One sync as a cron service would start it.
    private func syncAfter(_ seconds: Double) throws {
        try sample.pass(seconds, movesClock: false)
        sample.clock.now += 5
        _ = try sample.store.requestSync(of: sample.account, trigger: .cron, isForced: false, interval: 600)
        guard let run = try sample.store.claimRun(of: sample.account) else { return }
        _ = sample.engine().perform(run)
        try sample.store.release(run)
        try sample.readHistory()
    }

    private func saysThatSomethingIsMissing() throws -> Bool {
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        return status.error != nil || status.lastSyncedAt == nil || !status.parts.isComplete
            || status.listings.contains { !$0.isComplete } || !status.unavailable.isEmpty || status.damagedObjects > 0
    }

    /// A person replaces a token that Facebook has refused.
    private func reconnect() throws {
        guard try sample.store.syncStatus(of: sample.account, interval: 600)?.state.hold?.reason == .tokenExpired else {
            return
        }
        try sample.database.connect().execute("UPDATE ad_accounts SET held_until = NULL, held_reason = NULL")
    }
}

/// Everything that the simulator knows of an account, beside the stored data.
private struct Truth {
    private let sample: Sample
    private let connection: Connection

    init(_ sample: Sample) {
        self.sample = sample
        connection = sample.database.connect()
    }

    /// The differences in words; empty if all tables are equal to Facebook.
    func differences() throws -> [String] {
        var all: [String] = []
        func compare(_ name: String, _ stored: [String], _ expected: [String]) {
            let (missing, extra) = (Set(expected).subtracting(stored), Set(stored).subtracting(expected))
            guard !missing.isEmpty || !extra.isEmpty else { return }
            all.append(
                "\(name): \(missing.count) of \(expected.count) differ, as \(missing.first ?? extra.first ?? "")"
            )
        }
        for (edge, level, table, key) in [
            ("campaigns", "campaign", "campaigns", "campaign_id"), ("adsets", "adset", "ad_groups", "ad_set_id"),
            ("ads", "ad", "creatives", "ad_id"),
        ] {
            let expected = Facebook(sample: sample).rows(edge, level: level, fields: "id,name,status,effective_status")
            compare(
                edge,
                try text("facebook_\(key) || ' ' || name || ' ' || status || ' ' || effective_status", table),
                expected.map { row in
                    ["id", "name", "status", "effective_status"].map { row[$0] as? String ?? "" }.joined(separator: " ")
                }
            )
            compare(
                "totals of \(edge)",
                try text(
                    "facebook_\(key) || ' ' || spent || ' ' || impressions || ' ' || reach || ' ' || leads",
                    table,
                    "impressions > 0"
                ),
                results(level, since: -29).map {
                    "\($0["\(level)_id"] ?? "") \($0["spend"] ?? "") \($0["impressions"] ?? "") \($0["reach"] ?? "") "
                        + event("lead", $0["actions"])
                }
                .map(trimmed)
            )
        }
        compare(
            "days",
            try text(
                "facebook_ad_id || ' ' || day || ' ' || spent || ' ' || impressions || ' ' || conversion_value || ' ' || leads",
                "insights_daily"
            ),
            results("ad", since: -89, ["time_increment": "1"]).map { row in
                "\(row["ad_id"] ?? "") \(row["date_start"] ?? "") \(row["spend"] ?? "") \(row["impressions"] ?? "") "
                    + "\(event("omni_purchase", row["action_values"])) \(event("lead", row["actions"]))"
            }.map(trimmed)
        )
        return all
    }

    private func text(_ expression: String, _ table: String, _ condition: String = "true") throws -> [String] {
        try connection.rows("SELECT coalesce(\(raw: expression), 'unknown') FROM \(raw: table) WHERE \(raw: condition)")
        {
            trimmed(try $0.text(0))
        }
    }

    /// What Facebook leaves out is 0.
    private func event(_ type: String, _ list: Any?) -> String {
        (list as? [[String: Any]] ?? []).first { $0["action_type"] as? String == type }?["value"] as? String ?? "0"
    }

    private func results(_ level: String, since: Int, _ more: [String: String] = [:]) -> [[String: Any]] {
        var zone = Calendar(identifier: .gregorian)
        zone.timeZone = TimeZone(identifier: "America/Los_Angeles") ?? .gmt
        let format = DateFormatter()
        format.calendar = zone
        format.timeZone = zone.timeZone
        format.dateFormat = "yyyy-MM-dd"
        let today = Date()
        let first = zone.date(byAdding: .day, value: since, to: today) ?? today
        let range = #"{"since":"\#(format.string(from: first))","until":"\#(format.string(from: today))"}"#
        return Facebook(sample: sample).rows(
            "insights",
            level: level,
            fields: "\(level)_id,spend,impressions,reach,actions,action_values",
            ["level": level, "time_range": range].merging(more) { $1 }
        )
    }

    /// Numbers without zeros at their end: `1.50` is 1.5.
    private func trimmed(_ text: String) -> String {
        text.split(separator: " ").map { word in
            guard word.utf8.contains(UInt8(ascii: ".")), Double(word) != nil else { return String(word) }
            var digits = word.utf8
            while digits.last == UInt8(ascii: "0") { digits.removeLast() }
            if digits.last == UInt8(ascii: ".") { digits.removeLast() }
            return String(Substring(digits))
        }.joined(separator: " ")
    }
}
