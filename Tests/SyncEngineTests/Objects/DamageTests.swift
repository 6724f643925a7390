import GraphSimulator
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Damaged values from Facebook: nothing else is lost, and the next ordinary sync corrects them.
@Suite struct DamageTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        sample.settings.historyBudget = 300
    }

    private var connection: Connection { sample.database.connect() }

    private func order(_ kind: String, id: String? = nil) {
        sample.order(#"{"fault":"damaged_values","kind":"\#(kind)"\#(id.map { ",\"id\":\"\($0)\"" } ?? "")}"#)
    }

    private func damaged() throws -> Int {
        try connection.integer("SELECT count(*) FROM damaged_objects") ?? -1
    }

    /// The objects, without the time since which they are missing.
    private func confirmed() throws -> [String] {
        try sample.contents().map { $0.replacing(#/"missing_since": ("[^"]*"|null)/#, with: "") }
    }

    private func days() throws -> [String] {
        try connection.rows(
            "SELECT (to_jsonb(d) - 'fetched_at')::text FROM insights_daily d ORDER BY day, facebook_ad_id"
        ) { try $0.text(0) }
    }

    @Test(
        "after a first sync with damaged values the next ordinary sync corrects everything",
        arguments: [
            "surrogate", "utf8", "control", "types", "null_action", "exponent", "negative", "numeric_id",
            "duplicate_id",
        ]
    )
    func heals(kind: String) throws {
        order(kind)
        #expect(try sample.sync() == .done)
        let isReadable = ["exponent", "numeric_id"].contains(kind)
        let met = "repaired_texts + unknown_fields + left_out_rows"
        #expect((try connection.integer("SELECT \(raw: met) FROM sync_runs") == 0) == isReadable)
        #expect(try connection.integer("SELECT count(*) FROM sync_runs WHERE cardinality(warnings) > 15") == 0)
        // No reader sees a number that Facebook did not send.
        #expect(try connection.integer("SELECT count(*) FROM insights_daily WHERE spent < 0 OR clicks < 0") == 0)
        sample.calm()
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try damaged() == 0)
        let (objects, healed) = (try sample.contents(), try days())
        #expect(objects.count == 86)
        // The result of a complete sync, which `ContentTests` compares with Facebook.
        try sample.pass(86_400 * 2, movesClock: false)
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() == objects)
        #expect(try days() == healed)
        #expect(!healed.isEmpty)
    }

    @Test("unreadable values keep their last good value, and only the affected object is read again")
    func lastGoodValue() throws {
        #expect(try sample.sync() == .done)
        try sample.pass(600)
        let before = try sample.contents()
        let id = try #require(try sample.ids("ad_groups", where: "daily_budget IS NOT NULL").first)
        order("types", id: id)
        sample.order(#"{"fault":"budget","id":"\#(id)","value":4321}"#)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try damaged() == 1)
        let status = "SELECT status FROM ad_groups WHERE facebook_ad_set_id = \(id)" as Query
        #expect(try connection.text(status) != "UNKNOWN")
        #expect(before.count == 86)
        sample.calm()
        try sample.pass(600)
        sample.forgetCalls()
        #expect(try sample.sync(isForced: false) == .done)
        #expect(sample.calls()["GET act/adsets"] == 2 && sample.calls()["GET act/ads"] == 1)
        #expect(try damaged() == 0)
    }

    @Test("the next ordinary sync rereads a new object without a name, a status or a parent")
    func absentFields() throws {
        let fields = ["name", "status", "effective_status", "adset_id", "campaign_id"]
        let outcome = try sample.sync { path, _, object in
            guard path.hasSuffix("/ads"), var rows = object["data"] as? [[String: Any]] else { return }
            for (place, field) in fields.enumerated() { rows[place][field] = nil }
            object["data"] = rows
        }
        #expect(outcome == .done)
        #expect(try damaged() == 5)
        #expect(try connection.integer("SELECT count(*) FROM creatives") == 58)
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try damaged() == 0)
        let healed = try sample.contents()
        #expect(healed.count == 86)
        try sample.pass(86_400 * 2, movesClock: false)
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() == healed)
    }

    @Test("objects with unreadable rows do not count as deleted")
    func unreadableRows() throws {
        #expect(try sample.sync() == .done)
        let before = try confirmed()
        for _ in 0..<2 {
            order("duplicate_id")
            #expect(try sample.sync() == .done)
            try sample.pass(600)
        }
        #expect(try connection.integer("SELECT count(*) FROM creatives WHERE gone_at IS NOT NULL") == 0)
        // They were not confirmed either; nothing else changes.
        #expect(try confirmed() == before)
    }

    @Test("lasting damage is read again a few times, and then only at the usual interval")
    func bounded() throws {
        order("surrogate")
        #expect(try sample.sync() == .done)
        var calls: [Int] = []
        for _ in 0..<7 {
            try sample.pass(600, movesClock: false)
            sample.forgetCalls()
            #expect(try sample.sync(isForced: false) == .done)
            calls.append(sample.calls()["GET act/ads"] ?? 0)
        }
        #expect(calls.first == 2)
        #expect(calls.suffix(3) == [1, 1, 1])
        #expect(try damaged() == 86)
        #expect(try sample.store.damagedObjects(of: sample.account) == 86)
    }

    @Test("once Facebook accepts a metric again, the next complete sync has it, older days included")
    func acceptedAgain() throws {
        sample.order(#"{"fault":"field_refused","field":"action_values","edge":"insights"}"#)
        #expect(try sample.sync() == .done)
        let unavailable = try sample.store.unavailableFields(of: sample.account)
        #expect(unavailable.contains { $0.metric == "roas" && $0.level == "ad" && $0.since != nil })
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try sample.warnings().contains("action_values"))
        sample.calm()
        #expect(try sample.sync() == .done)
        #expect(try sample.store.unavailableFields(of: sample.account) == [])
        let known = "SELECT count(*) FROM creatives WHERE conversions > 0 AND roas IS NULL AND spent > 0"
        #expect(try connection.integer("\(raw: known)") == 0)
        #expect(try connection.integer("SELECT count(*) FROM insights_daily WHERE conversion_value IS NULL") == 0)
    }
}

extension Sample {
    fileprivate func warnings() throws -> String {
        try database.connect().text(
            "SELECT array_to_string(warnings, ' ') FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
        ) ?? ""
    }
}
