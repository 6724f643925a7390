import GraphSimulator
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Facebook's facts about the account itself: a damaged response changes nothing on which budgets or days depend.
@Suite struct AccountFactsTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        sample.settings.historyBudget = 300
        #expect(try sample.sync() == .done)
        try sample.pass(600, movesClock: false)
    }

    private var connection: Connection { sample.database.connect() }

    /// Does a sync with a changed response for the account itself.
    /// - Returns: the number of calls for the account, and for its campaigns.
    private func sync(
        isForced: Bool = true,
        _ change: @escaping (inout [String: Any]) -> Void = { _ in }
    ) throws -> (account: Int, campaigns: Int) {
        let path = "act_\(sample.facebookID)"
        var (asked, listed) = (0, 0)
        let outcome = try sample.sync(isForced: isForced) { called, _, object in
            if called.hasSuffix("/campaigns") { listed += 1 }
            guard called == path else { return }
            asked += 1
            change(&object)
        }
        #expect(outcome == .done)
        try sample.pass(600, movesClock: false)
        return (asked, listed)
    }

    /// The stored name, currency and time zone, and the number of complete days.
    private func stored() throws -> String? {
        try connection.text(
            """
            SELECT concat_ws('|', name, currency, time_zone, facebook_time_zone, (
                SELECT count(*) FROM insights_days WHERE state = 'complete')) FROM ad_accounts
            """
        )
    }

    private let damages: [(field: String, value: Any)] = [
        ("currency", "JP"), ("currency", "usd"), ("currency", "US dollar"), ("currency", 5), ("currency", ["USD"]),
        ("timezone_name", "x"), ("timezone_name", "14"), ("timezone_name", ""), ("timezone_name", 7),
    ]

    @Test("an invalid currency or a time zone that PostgreSQL does not know does not replace a known one")
    func keeps() throws {
        let before = try stored()
        #expect(before?.hasPrefix("Small|USD|America/Los_Angeles|America/Los_Angeles|") == true)
        #expect(before?.hasSuffix("|0") == false)
        for (field, value) in damages {
            #expect(try sync { $0[field] = value } == (1, 1), "\(field) \(value)")
            #expect(try stored() == before, "\(field) \(value)")
            #expect(try sample.lastWarnings().contains(field == "currency" ? "currency" : "zone"))
        }
    }

    @Test("a changed currency or zone is stored, and everything is read again")
    func changes() throws {
        let calls = try sync {
            $0["currency"] = "JPY"
            $0["timezone_name"] = "Asia/Tokyo"
        }
        #expect(calls == (1, 2))
        #expect(try stored()?.hasPrefix("Small|JPY|Asia/Tokyo|Asia/Tokyo|") == true)
    }

    @Test("damaged facts are requested again by the next ordinary sync", arguments: [false, true])
    func again(isAbsent: Bool) throws {
        _ = try sync { $0["name"] = isAbsent ? nil : "Sma\u{0}ll" }
        #expect(try stored()?.hasPrefix(isAbsent ? "Small|" : "Sma\u{FFFD}ll|") == true)
        #expect(try sync(isForced: false).account == 1)
        #expect(try stored()?.hasPrefix("Small|") == true)
        #expect(try sync(isForced: false).account == 0)
    }

    @Test("lasting damage is retried a few times, and then at the account's usual interval")
    func bounded() throws {
        var asked: [Int] = [try sync { $0["currency"] = "?" }.account]
        for _ in 0..<6 { asked.append(try sync(isForced: false) { $0["currency"] = "?" }.account) }
        #expect(asked == [1, 1, 1, 1, 0, 0, 0])
    }

    @Test(
        "a response that is not about the account changes nothing",
        arguments: [
            [:], ["success": "false"],
            ["account_id": "10000000000002", "currency": "JPY", "timezone_name": "Asia/Tokyo"],
            ["id": "act_10000000000002", "currency": "JPY", "timezone_name": "Asia/Tokyo"],
        ]
    )
    func anotherAnswer(answer: [String: String]) throws {
        let before = try stored()
        // It is requested again, like any other unexpected response.
        #expect(try sync { $0 = answer }.account > 1)
        #expect(try stored() == before)
        #expect(try sample.lastWarnings().contains("name, currency and time zone could not be read"))
        #expect(try sync(isForced: false).account == 0)
    }
}
