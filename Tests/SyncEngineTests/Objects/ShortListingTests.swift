import GraphSimulator
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Listings from which Facebook omits objects.
@Suite struct ShortListingTests {
    private let tables = [
        ("campaigns", "campaign", "campaigns"), ("adsets", "adset", "ad_groups"), ("ads", "ad", "creatives"),
    ]

    /// Every object of Facebook is stored, and no other.
    private func expectAll(_ sample: Sample) throws {
        for (edge, level, table) in tables {
            let rows = Facebook(sample: sample).rows(edge, level: level, fields: "id")
            let expected = rows.compactMap { $0["id"] as? String }
            #expect(try sample.ids(table, where: "gone_at IS NULL") == expected.sorted(), "\(edge)")
        }
    }

    private func listings(_ sample: Sample) throws -> [ListingState] {
        try sample.store.syncStatus(of: sample.account, interval: 600)?.listings ?? []
    }

    @Test(
        "a first sync has all objects even if rows are lost or a page lacks its paging",
        arguments: [#""rows_lost","value":3"#, #""rows_lost","value":1"#, #""paging_missing""#],
        ["campaigns", "adsets", "ads"]
    )
    func healed(fault: String, edge: String) throws {
        let sample = try Sample()
        sample.simulator.pageSizeCap = 7
        sample.order(#"{"fault":\#(fault),"edge":"\#(edge)","times":1}"#)
        #expect(try sample.sync() == .done)
        try expectAll(sample)
        #expect(try listings(sample).allSatisfy(\.isComplete))
    }

    @Test(
        "a listing that stays short is stored, reported as incomplete, and repeated until it is complete",
        arguments: [#""rows_lost","value":3"#, #""paging_missing""#]
    )
    func staysShort(fault: String) throws {
        let sample = try Sample()
        sample.simulator.pageSizeCap = 7
        for (edge, _, _) in tables { sample.order(#"{"fault":\#(fault),"edge":"\#(edge)"}"#) }
        #expect(try sample.sync() == .done)
        for _ in 0..<3 {
            let states = try listings(sample)
            let stored = try sample.ids("creatives").count
            #expect(stored > 0 && stored < 60)
            #expect(states.first { $0.level == .ad }?.unlisted == 60 - stored)
            #expect(states.first { $0.level == .ad }?.isComplete == false)
            #expect(try sample.ids("creatives", where: "gone_at IS NOT NULL").isEmpty)
            let warnings = try sample.database.connect().text(
                "SELECT array_to_string(warnings, ' ') FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
            )
            #expect(warnings?.contains("Facebook counts 60 ads and listed \(stored)") == true)
            try sample.pass(600)
            #expect(try sample.sync(isForced: false) == .done)
        }
        sample.calm()
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        try expectAll(sample)
        #expect(try listings(sample).allSatisfy(\.isComplete))
    }

    @Test(
        "a first listing with an unconfirmed end is stored, reported as incomplete, and repeated until complete",
        arguments: ["campaigns", "adsets", "ads"]
    )
    func endUnknown(edge: String) throws {
        let sample = try Sample()
        sample.simulator.pageSizeCap = 4
        for fault in ["count_missing", "paging_missing"] { sample.order(#"{"fault":"\#(fault)","edge":"\#(edge)"}"#) }
        let level = try #require(tables.first { $0.0 == edge }?.1)
        for _ in 0..<3 {
            #expect(try sample.sync(isForced: false) == .done)
            let states = try listings(sample)
            #expect(states.filter { !$0.isComplete }.map(\.level.rawValue) == [level])
            let warnings = try sample.database.connect().text(
                "SELECT array_to_string(warnings, ' ') FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
            )
            #expect(warnings?.contains("Facebook may not have listed all") == true, "\(warnings ?? "")")
            try sample.pass(600)
        }
        sample.calm()
        #expect(try sample.sync(isForced: false) == .done)
        try expectAll(sample)
        #expect(try listings(sample).allSatisfy(\.isComplete))
    }

    @Test("updates that a list omits arrive with the next sync")
    func updates() throws {
        let sample = try Sample()
        #expect(try sample.sync() == .done)
        try sample.pass(600)
        for id in try sample.ids("creatives").prefix(20) {
            sample.order(#"{"fault":"rename","id":"\#(id)","name":"Renamed"}"#)
        }
        sample.simulator.pageSizeCap = 7
        sample.order(#"{"fault":"paging_missing","edge":"ads"}"#)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try listings(sample).contains { !$0.isComplete })
        sample.calm()
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try sample.ids("creatives", where: "name = 'Renamed'").count == 20)
        #expect(try listings(sample).allSatisfy(\.isComplete))
    }

    @Test(
        "an endless list fails the run by name, and ordinary syncs correct everything once the fault ends",
        arguments: ["endless_repeats", "endless_empty"],
        ["campaigns", "ads", "insights"]
    )
    func endless(fault: String, edge: String) throws {
        let sample = try Sample()
        sample.order(#"{"fault":"\#(fault)","edge":"\#(edge)"}"#)
        _ = try sample.sync()
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        let texts = [status.error ?? ""] + (status.run?.summary.warnings ?? [])
        #expect(texts.contains { $0.contains("/\(edge) does not end") })
        #expect(sample.calls().values.reduce(0, +) <= 150)
        sample.calm()
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        try expectAll(sample)
        #expect(try listings(sample).allSatisfy(\.isComplete))
    }
}
