import GraphSimulator
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

@Suite struct StoredPictureTests {
    let gallery: Gallery

    init() throws {
        gallery = try Gallery()
        #expect(try gallery.sample.sync() == .done)
    }

    private var sample: Sample { gallery.sample }

    private func count(_ condition: String) throws -> Int {
        try sample.database.connect().firstRow("SELECT count(*) FROM ad_creatives WHERE \(raw: condition)") {
            try $0.integer(0)
        } ?? 0
    }

    @Test("every creative has its picture in at most three widths, equal ones once")
    func all() throws {
        try gallery.readAll()
        #expect(try count("picture IS NULL OR picture_url IS NOT NULL OR state <> 'done' OR error IS NOT NULL") == 0)
        let connection = sample.database.connect()
        let widths = try connection.rows("SELECT DISTINCT width FROM media ORDER BY 1") { try $0.integer(0) }
        #expect(widths == [64, 256, 1080])
        // The smallest is there for each.
        #expect(
            try gallery.lines("SELECT DISTINCT picture FROM ad_creatives")
                == gallery.lines("SELECT name FROM media WHERE width = 64")
        )
        let sizes = try connection.firstRow("SELECT count(*) FROM media WHERE size <> octet_length(bytes)") {
            try $0.integer(0)
        }
        #expect(sizes == 0)
    }

    @Test(
        "a picture that is not stored leaves the others alone, and is tried again",
        arguments: ["server_error", "expired"]
    )
    func passing(kind: String) throws {
        sample.order("{\"fault\":\"picture\",\"kind\":\"\(kind)\",\"path\":\".png\"}")
        try gallery.readAll()
        #expect(try count("error IS NOT NULL AND picture IS NULL") > 0)
        #expect(try count("error IS NULL AND picture IS NOT NULL") > 10)
        #expect(try count("error IS NOT NULL AND (due_at IS NULL OR due_at <= now())") == 0)
        sample.calm()
        try gallery.makeDue()
        try gallery.readAll()
        #expect(try count("picture IS NULL OR error IS NOT NULL") == 0)
    }

    @Test(
        "what is no picture is stored nowhere, and given up after some attempts",
        arguments: ["html", "svg", "bmp", "empty", "damaged", "truncated", "bomb", "redirect"]
    )
    func unusable(kind: String) throws {
        sample.order("{\"fault\":\"picture\",\"kind\":\"\(kind)\"}")
        for _ in 0..<6 {
            try gallery.readAll()
            try gallery.makeDue()
        }
        #expect(try count("due_at IS NOT NULL") == 0)
        let stored = try count("picture IS NOT NULL")
        // Half a file of one colour is still all of it.
        if kind == "truncated" { #expect(stored < 30) } else { #expect(stored == 0) }
        #expect(try count("picture IS NULL AND error IS NULL") == 0)
    }

    @Test("addresses that expired while pictures waited are requested again")
    func expired() throws {
        sample.order(#"{"fault":"picture","kind":"server_error"}"#)
        try gallery.readAll()
        sample.calm()
        sample.clock.now += 5 * 86_400
        try gallery.makeDue()
        try gallery.readAll()
        try gallery.makeDue()
        try gallery.readAll()
        #expect(try count("picture IS NULL") == 0)
    }

    @Test("pictures beyond the budget are not fetched")
    func budget() throws {
        sample.settings.picturesBudget = 20_000
        try gallery.readAll()
        let size = try sample.store.mediaSize(of: sample.account)
        #expect(size >= 20_000)
        #expect(try count("picture IS NULL AND error LIKE '%PICTURES_MB%'") > 0)
        #expect(try count("due_at <= now()") == 0)
        sample.settings.picturesBudget = 0
        try gallery.makeDue()
        try gallery.readAll()
        #expect(try sample.store.mediaSize(of: sample.account) == size)
        sample.settings.picturesBudget = 200 << 20
        try gallery.makeDue()
        try gallery.readAll()
        #expect(try count("picture IS NULL") == 0)
    }

    @Test("answers about ads change with each step, and the queue of creatives does not begin anew")
    func versions() throws {
        let version = { try gallery.lines("SELECT creatives_version FROM ad_accounts") }
        let before = try version()
        try gallery.step()
        #expect(try version() != before)
        try gallery.readAll()
        #expect(try sample.store.claimCreatives() == nil)
    }

    @Test("creatives that no ad has any longer are pruned, and pictures with the last of them")
    func pruned() throws {
        try gallery.readAll()
        let connection = sample.database.connect()
        let retention = Retention(insights: 100, syncRuns: 30, audit: 400)
        #expect(try sample.store.prunable(retention).creatives == 0)
        try connection.execute("UPDATE creatives SET gone_at = now() - interval '90 days'")
        #expect(try sample.store.prunable(retention).creatives == 0)
        let shown = try #require(try connection.text("SELECT max(facebook_creative_id) FROM creatives"))
        try connection.execute(
            """
            UPDATE creatives SET gone_at = CASE WHEN facebook_creative_id <> \(shown) THEN now() - interval '101 days' END
            """
        )
        #expect(try sample.store.prune(retention).creatives > 30)
        #expect(try gallery.lines("SELECT facebook_creative_id FROM ad_creatives") == [shown])
        #expect(
            try gallery.lines("SELECT DISTINCT name FROM media") == gallery.lines("SELECT picture FROM ad_creatives")
        )
    }
}
