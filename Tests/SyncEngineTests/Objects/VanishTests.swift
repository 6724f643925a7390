import GraphSimulator
import Model
import Postgres
import Store
import TestSupport
import Testing

/// Objects that Facebook no longer lists.
@Suite struct VanishTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        #expect(try sample.sync() == .done)
    }

    private func gone(_ table: String) throws -> [String] { try sample.ids(table, where: "gone_at IS NOT NULL") }

    private func warnings() throws -> String {
        try sample.database.connect().text(
            "SELECT array_to_string(warnings, ' ') FROM sync_runs ORDER BY requested_at DESC LIMIT 1"
        ) ?? ""
    }

    @Test("a missing object counts as deleted after a complete listing, and after no other")
    func purged() throws {
        let ad = try #require(try sample.ids("creatives", where: "status = 'ACTIVE'").first)
        sample.order(#"{"fault":"purge","id":"\#(ad)"}"#)
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try gone("creatives").isEmpty)
        #expect(try sample.sync() == .done)
        #expect(try gone("creatives") == [ad])
        let connection = sample.database.connect()
        let row = try connection.text(
            "SELECT status || ' ' || effective_status FROM creatives WHERE facebook_ad_id = \(ad)"
        )
        #expect(row == "DELETED DELETED")
        #expect(try connection.integer("SELECT rows_gone FROM sync_runs ORDER BY requested_at DESC LIMIT 1") == 1)
        let change = try connection.text(
            "SELECT concat_ws(' ', level, facebook_object_id, field, old_value, new_value) FROM object_changes"
        )
        #expect(change == "ad \(ad) status ACTIVE DELETED")
        #expect(try connection.integer("SELECT count(*) FROM creatives") == 60)
        let before = try sample.contents()
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() == before)
    }

    private func state(_ level: Level) throws -> ListingState? {
        try sample.store.syncStatus(of: sample.account, interval: 600)?.listings.first { $0.level == level }
    }

    /// An ordinary sync some minutes later.
    private func syncLater() throws {
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
    }

    @Test("objects that are no longer listed but still exist are kept, however often the listing lacks them")
    func stillThere() throws {
        let before = try sample.contents()
        sample.order(#"{"fault":"vanish","edge":"ads","value":40}"#)
        #expect(try sample.sync() == .done)
        for _ in 0..<4 {
            #expect(try gone("creatives").isEmpty)
            #expect(try warnings().contains("no longer lists 36 of 60 ads"))
            #expect(try state(.ad)?.unconfirmed == 36)
            // Not forced, not due, and still all ads are listed.
            try syncLater()
        }
        sample.calm()
        try syncLater()
        #expect(try state(.ad)?.isComplete == true)
        #expect(try sample.contents() == before)
    }

    @Test("an account whose every listing is empty, twice and more, loses nothing")
    func emptyListings() throws {
        let before = try sample.contents()
        for edge in ["campaigns", "adsets", "ads"] { sample.order(#"{"fault":"vanish","edge":"\#(edge)","value":0}"#) }
        #expect(try sample.sync() == .done)
        for _ in 0..<3 { try syncLater() }
        for level in Level.allCases { #expect(try state(level)?.isComplete == false) }
        sample.calm()
        try syncLater()
        #expect(try sample.contents() == before)
        for level in Level.allCases { #expect(try state(level)?.isComplete == true) }
    }

    @Test("a large deletion takes effect with the first listing, because Facebook does not know the ids")
    func massDeletion() throws {
        let ads = try sample.ids("creatives").prefix(30)
        for ad in ads { sample.order(#"{"fault":"purge","id":"\#(ad)"}"#) }
        #expect(try sample.sync() == .done)
        #expect(try gone("creatives") == Array(ads))
        #expect(try state(.ad)?.isComplete == true)
    }

    @Test("an emptied account is empty after a few ordinary syncs, although it still has results")
    func emptied() throws {
        for id in try sample.ids("campaigns") { sample.order(#"{"fault":"purge","id":"\#(id)"}"#) }
        #expect(try sample.sync() == .done)
        for _ in 0..<3 { try syncLater() }
        for (table, count) in [("campaigns", 6), ("ad_groups", 20), ("creatives", 60)] {
            #expect(try gone(table).count == count)
        }
        for level in Level.allCases { #expect(try state(level)?.isComplete == true) }
    }

    @Test("without Facebook's count a missing object is looked up, and the count is requested again")
    func noCount() throws {
        let ad = try #require(try sample.ids("creatives", where: "status = 'ACTIVE'").first)
        sample.order(#"{"fault":"count_missing"}"#)
        sample.order(#"{"fault":"vanish","edge":"ads","value":99,"times":1}"#)
        #expect(try sample.sync() == .done)
        #expect(try gone("creatives").isEmpty)
        sample.order(#"{"fault":"purge","id":"\#(ad)"}"#)
        #expect(try sample.sync() == .done)
        #expect(try gone("creatives") == [ad])
    }

    @Test("an object that a second listing shows again was never deleted, and no change was recorded")
    func shownAgain() throws {
        let before = try sample.contents()
        let versions = "SELECT campaigns_version || ' ' || creatives_version FROM ad_accounts"
        let version = try sample.database.connect().text("\(raw: versions)")
        sample.order(#"{"fault":"vanish","path":"/campaigns","value":10,"times":1}"#)
        #expect(try sample.sync() == .done)
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try gone("campaigns").isEmpty)
        #expect(try sample.contents() == before)
        let connection = sample.database.connect()
        #expect(try connection.integer("SELECT count(*) FROM object_changes") == 0)
        #expect(try connection.integer("SELECT count(*) FROM sync_lists WHERE is_listing_wanted") == 0)
        _ = version
    }

    @Test("a failing page loses no row", arguments: ["/campaigns", "/adsets", "/ads"])
    func failedPage(path: String) throws {
        let before = try sample.contents()
        sample.simulator.pageSizeCap = 7
        sample.order(#"{"fault":"transient","path":"\#(path)"}"#)
        #expect(try sample.sync() == .failed)
        #expect(try sample.contents() == before)
        #expect(try gone("creatives").isEmpty)
    }
}
