import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// The word for the delivery of each object, compared with a slow calculation from the simulator's own world.
@Suite struct DeliveryTests {
    let sample: Sample
    private let facebook: Facebook
    private var connection: Connection { sample.database.connect() }

    init() throws {
        sample = try Sample(
            world: .with([AccountSpec(id: "10000000000001", name: "Delivered", campaigns: 7, adSets: 24, ads: 110)])
        )
        facebook = Facebook(sample: sample)
        #expect(try sample.sync() == .done)
    }

    private func words() throws -> [String: String] {
        let rows = try connection.rows(
            """
            SELECT facebook_campaign_id, delivery FROM campaigns
            UNION ALL SELECT facebook_ad_set_id, delivery FROM ad_groups
            UNION ALL SELECT facebook_ad_id, delivery FROM creatives
            """
        ) { (try $0.text(0), $0.optionalText(1) ?? "none") }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// The ids of all objects with impressions on the day of a moment or the one before, by Facebook.
    private func delivered(at moment: Double) -> Set<String> {
        let days = [moment - 86_400, moment].map { zone.day($0) }
        let rows = facebook.rows(
            "insights",
            level: "ad",
            fields: "ad_id,adset_id,campaign_id,impressions",
            ["level": "ad", "time_range": "{\"since\":\"\(days[0])\",\"until\":\"\(days[1])\"}"]
        )
        let seen = rows.filter { Int("\($0["impressions"] ?? "0")") ?? 0 > 0 }
        return Set(seen.flatMap { row in ["ad_id", "adset_id", "campaign_id"].compactMap { row[$0] as? String } })
    }

    private let zone = AccountDays(timeZone: "America/Los_Angeles")

    private func expectation(at moment: Double, resumed: Set<String> = [], isNew: Bool = true) -> [String: String] {
        let today = zone.day(Sample.now)
        // The days up to the sync are held, and thirty of them.
        let holdsDays = zone.day(moment) <= today && moment <= Sample.now + 6 * 3600
        return ExpectedDelivery(
            facebook,
            moment: moment,
            holdsDays: holdsDays,
            delivered: holdsDays ? delivered(at: moment) : [],
            resumed: resumed,
            isNew: isNew
        ).words()
    }

    private func expectTruth(
        at moment: Double,
        resumed: Set<String> = [],
        isNew: Bool = true,
        _ comment: Comment? = nil
    ) throws {
        let (stored, expected) = (try words(), expectation(at: moment, resumed: resumed, isNew: isNew))
        #expect(stored.count == expected.count, comment)
        for (id, word) in expected where stored[id] != word {
            Issue.record("\(id) is \(stored[id] ?? "absent"), not \(word). \(comment?.rawValue ?? "")")
        }
    }

    @Test("the first sync already knows what becomes of each object")
    func first() throws {
        try expectTruth(at: Sample.now)
        #expect(Set(try words().values).count >= 5)
    }

    @Test("random states at random times")
    func states() throws {
        var seen: Set<String> = []
        for seed in 1...15 {
            var dice = Dice(UInt64(seed))
            let ids = try words().keys.sorted()
            for _ in 0..<25 { order(ids[dice.below(ids.count)], &dice) }
            if seed % 4 == 0 { try resume() }
            orderAccount(seed, &dice)
            try connection.execute("UPDATE ad_accounts SET created_at = now()")
            #expect(try sample.sync() == .done)
            // What this sync saw change is not yet on for a day.
            let resumed = try Set(
                connection.rows(
                    """
                    SELECT facebook_object_id FROM object_changes
                    WHERE field = 'status' AND seen_at > now() - interval '1 hour'
                    """
                ) {
                    try $0.text(0)
                }
            )
            try expectTruth(at: Sample.now, resumed: resumed, "seed \(seed)")
            if seed % 2 == 0 {
                try connection.execute("UPDATE object_changes SET seen_at = seen_at - interval '10 days'")
            }
            for _ in 0..<6 {
                let moment = Sample.now + Double(dice.below(60) - 24) * 3600
                let isNew = dice.below(2) == 0
                let age = isNew ? "1 hour" : "30 days"
                let at = Timestamp(seconds: Int(moment))
                try connection.execute(
                    "UPDATE ad_accounts SET created_at = \(at.description)::timestamptz - \(age)::interval"
                )
                try sample.store.updateDelivery(of: sample.account, at: at)
                let isSeen = seed % 2 == 1 && moment - 86_400 < Date().timeIntervalSince1970
                try expectTruth(
                    at: moment,
                    resumed: isSeen ? resumed : [],
                    isNew: isNew,
                    "seed \(seed), \((moment - Sample.now) / 3600) hours from now"
                )
                seen.formUnion(try words().values)
            }
        }
        #expect(
            seen == [
                "ACTIVE", "LEARNING", "LEARNING_LIMITED", "SCHEDULED", "ENDED", "PAUSED", "CAMPAIGN_PAUSED",
                "ADSET_PAUSED", "IN_REVIEW", "DISAPPROVED", "WITH_ISSUES", "ACCOUNT_STOPPED", "NO_DELIVERY", "ARCHIVED",
                "DELETED",
            ]
        )
    }

    private func order(_ id: String, _ dice: inout Dice) {
        let hour = Int(Sample.now) + (dice.below(96) - 48) * 3600
        let orders = [
            #""fault":"status","status":"\#(["ACTIVE", "ACTIVE", "PAUSED", "ARCHIVED", "DELETED"][dice.below(5)])""#,
            #""fault":"schedule","start":\#(hour)"#, #""fault":"schedule","end":\#(dice.below(3) == 0 ? 0 : hour)"#,
            #""fault":"state","issue":"\#(["", "SOFT_ERROR", "HARD_ERROR"][dice.below(3)])""#,
            #""fault":"state","learning":"\#(["", "LEARNING", "SUCCESS", "FAIL"][dice.below(4)])""#,
            #""fault":"state","refused":"\#(["nowhere", "instagram", "everywhere"][dice.below(3)])""#,
        ]
        let order = "{\(orders[dice.below(orders.count)]),\"id\":\"\(id)\"}"
        // Some objects have no such setting.
        _ = sample.simulator.respond(to: HTTPRequest(method: "POST", path: "/_control", body: Array(order.utf8)))
    }

    /// Ads that were paused for long are on again, and bring nothing.
    private func resume() throws {
        for (place, id) in try sample.ids("ad_groups").enumerated() {
            let learning = place % 3 == 0 ? "FAIL" : "SUCCESS"
            sample.order(#"{"fault":"state","learning":"\#(learning)","id":"\#(id)"}"#)
        }
        for id in try sample.ids("creatives", where: "status = 'PAUSED'") {
            sample.order(#"{"fault":"status","status":"ACTIVE","id":"\#(id)"}"#)
        }
    }

    private func orderAccount(_ seed: Int, _ dice: inout Dice) {
        let status = seed % 5 == 0 ? [2, 3, 7, 8, 9, 100, 101][dice.below(7)] : 1
        let spent = dice.below(1000)
        let cap = seed % 6 == 0 ? spent : dice.below(2) * 100_000
        sample.order(#"{"fault":"state","status":\#(status),"amount_spent":\#(spent),"spend_cap":\#(cap)}"#)
    }

    @Test("time alone changes words and the data version; a sync after which none differs changes neither")
    func time() throws {
        // The latest edit is read again by the next sync.
        let id = try #require(
            try connection.text(
                "SELECT facebook_ad_set_id FROM ad_groups WHERE delivery = 'ACTIVE' ORDER BY updated_at LIMIT 1"
            )
        )
        try sync()
        let before = try versions()
        try sync()
        #expect(try versions() == before)
        // Its end comes to pass.
        try connection.execute(
            "UPDATE ad_groups SET ends_at = now() - interval '1 second' WHERE facebook_ad_set_id = \(id)"
        )
        sample.forgetCalls()
        try sync()
        #expect(sample.calls().values.reduce(0, +) == 4)
        #expect(try words()[id] == "ENDED")
        let after = try versions()
        #expect(after[0] >= before[0] && after[1] > before[1] && after[2] > before[2])
    }

    private func sync() throws {
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
    }

    private func versions() throws -> [Int] {
        try connection.firstRow("SELECT campaigns_version, ad_groups_version, creatives_version FROM ad_accounts") {
            [try $0.integer(0), try $0.integer(1), try $0.integer(2)]
        } ?? []
    }

    @Test(
        "a status that nobody knows gives no word, and children that were never listed say nothing about their parent"
    )
    func unknown() throws {
        let id = try #require(
            try connection.text("SELECT facebook_ad_set_id FROM ad_groups WHERE delivery = 'ACTIVE' LIMIT 1")
        )
        try connection.execute("UPDATE creatives SET effective_status = 'NEW_WORD' WHERE facebook_ad_set_id = \(id)")
        try sample.store.updateDelivery(of: sample.account)
        #expect(
            try connection.integer(
                "SELECT count(*) FROM creatives WHERE facebook_ad_set_id = \(id) AND delivery IS NOT NULL AND status = 'ACTIVE'"
            ) == 0
        )
        // They may be on.
        #expect(try words()[id] == "ACTIVE")
        try connection.execute("DELETE FROM creatives WHERE facebook_ad_set_id = \(id)")
        try sample.store.updateDelivery(of: sample.account)
        #expect(try words()[id] == "PAUSED")
        try connection.execute("UPDATE sync_lists SET doubtful_readings = 1 WHERE list = 'ads'")
        try sample.store.updateDelivery(of: sample.account)
        #expect(try words()[id] == "ACTIVE")
    }
}

/// Days in a time zone, without the product's code.
struct AccountDays {
    let timeZone: String

    /// - Parameter moment: seconds since 1970.
    func day(_ moment: Double) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: timeZone)
        formatter.dateFormat = "yyyy-MM-dd"
        return formatter.string(from: Date(timeIntervalSince1970: moment))
    }
}

/// Numbers that only depend on a seed.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15
    }

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}
