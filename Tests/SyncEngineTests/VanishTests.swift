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

    @Test("an object that is gone counts as deleted after a complete listing, and not after any other")
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

    @Test(
        "when more than a third vanishes at once nothing is gone before a second listing, which comes with the next run"
    )
    func lookAgain() throws {
        sample.order(#"{"fault":"vanish","edge":"ads","value":40,"times":2}"#)
        #expect(try sample.sync() == .done)
        #expect(try gone("creatives").isEmpty)
        #expect(try warnings().contains("36 of 60 ads are no longer listed"))
        #expect(try sample.ids("creatives", where: "missing_since IS NOT NULL").count == 36)
        // Not forced, not due, and yet all ads are listed.
        try sample.pass(600)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try gone("creatives").count == 36)
        // And when Facebook shows them again they are what they were.
        #expect(try sample.sync() == .done)
        #expect(try gone("creatives").isEmpty)
        #expect(try sample.ids("creatives", where: "missing_since IS NOT NULL").isEmpty)
    }

    @Test("what a second listing shows again was never gone, and nobody has seen a change")
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

    @Test("a page that fails loses no row", arguments: ["/campaigns", "/adsets", "/ads"])
    func failedPage(path: String) throws {
        let before = try sample.contents()
        sample.simulator.pageSizeCap = 7
        sample.order(#"{"fault":"transient","path":"\#(path)"}"#)
        #expect(try sample.sync() == .failed)
        #expect(try sample.contents() == before)
        #expect(try gone("creatives").isEmpty)
    }
}
