import Foundation
import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

@Suite struct CreativeSyncTests {
    let gallery: Gallery

    init() throws {
        gallery = try Gallery()
        #expect(try gallery.sample.sync() == .done)
    }

    private var sample: Sample { gallery.sample }

    @Test("a run knows which creative each ad has, with as many calls as before")
    func ids() throws {
        let rows = Facebook(sample: sample).rows("ads", level: "ad", fields: "id,creative{id}")
        let truth = rows.map { "\($0["id"] ?? "")|\(($0["creative"] as? [String: Any])?["id"] ?? "")" }.sorted()
        let stored = try gallery.lines("SELECT facebook_ad_id || '|' || facebook_creative_id FROM creatives")
        #expect(stored == truth)
        try sample.sync(isForced: false)
        sample.forgetCalls()
        try sample.sync(isForced: false)
        #expect(sample.calls().values.reduce(0, +) == 4)
    }

    @Test("every creative is read once, in pages, and is stored as Facebook has it")
    func contents() throws {
        sample.forgetCalls()
        let steps = try gallery.readAll()
        let calls = sample.calls()
        let truth = gallery.creatives()
        #expect(truth.count > 30)
        #expect(calls == ["GET act/ads": (truth.count + 49) / 50])
        #expect(steps < 40)
        let stored = try gallery.stored()
        #expect(Set(stored.keys) == Set(truth.keys))
        for (id, creative) in truth {
            let row = try #require(stored[id])
            let expected = Expected(creative)
            #expect(row["title"] == expected.title, "\(id)")
            #expect(row["body"] == expected.body, "\(id)")
            #expect(row["call_to_action"] == expected.callToAction, "\(id)")
            #expect(row["link_url"] == expected.link, "\(id)")
            #expect(row["video_id"] == expected.video, "\(id)")
            #expect(row["post_url"] == expected.post, "\(id)")
        }
        // What shows the same has the same key, and only that.
        let keys = Dictionary(grouping: truth.keys) { stored[$0]?["content_key"] ?? "" }.values.map(Set.init)
        let same = Dictionary(grouping: truth.keys) { Expected(truth[$0] ?? [:]).identity }.values.map(Set.init)
        #expect(Set(keys) == Set(same))

        sample.forgetCalls()
        try gallery.readAll()
        try sample.sync(isForced: false)
        try gallery.readAll()
        #expect(sample.calls()["GET creative"] == nil)
        #expect(sample.calls()["GET act/ads"] == 1)
    }

    @Test("links that are no links of the web are left out")
    func links() throws {
        try gallery.readAll()
        let links = try gallery.stored().values.compactMap { $0["link_url"] }
        #expect(links.allSatisfy { $0.hasPrefix("https://") })
        #expect(!links.isEmpty)
    }

    @Test("a broken creative costs its own story, and no other", arguments: [2_446_211, 1_443_048, 2_446_289])
    func broken(subcode: Int) throws {
        let truth = gallery.creatives()
        let ad = try #require(try sample.ids("creatives").first)
        let id = try #require(
            try sample.ordered("{\"fault\":\"creative_broken\",\"id\":\"\(ad)\",\"subcode\":\(subcode)}")["id"]
                as? String
        )
        try gallery.readAll()
        let stored = try gallery.stored()
        #expect(Set(stored.keys) == Set(truth.keys))
        #expect(stored.values.allSatisfy { $0["content_key"] != nil })
        #expect(stored[id]?["error"] == nil)
        #expect(sample.calls()["GET creative"] ?? 0 > 0)
    }

    @Test("a field that Facebook refuses is left out")
    func refused() throws {
        sample.order(#"{"fault":"field_refused","field":"call_to_action_type","path":"ads"}"#)
        try gallery.readAll()
        let stored = try gallery.stored()
        #expect(stored.values.allSatisfy { $0["content_key"] != nil })
        #expect(stored.values.contains { $0["body"] != nil })
    }

    @Test("a creative that cannot be read at all waits, and is read when it can be")
    func unreadable() throws {
        let id = try #require(gallery.creatives().keys.sorted().first)
        sample.order(#"{"fault":"error","code":100,"message":"Invalid parameter","path":"ads"}"#)
        sample.order("{\"fault\":\"error\",\"code\":100,\"subcode\":33,\"path\":\"\(id)\"}")
        try gallery.readAll()
        #expect(try gallery.stored()[id]?["content_key"] == nil)
        #expect(try gallery.stored()[id]?["error"] != nil)
        sample.calm()
        try gallery.makeDue()
        try gallery.readAll()
        #expect(try gallery.stored().values.allSatisfy { $0["content_key"] != nil })
    }

    @Test("an ad with another creative is read with the next sync")
    func changed() throws {
        try gallery.readAll()
        let ad = try #require(try sample.ids("creatives", where: "status = 'ACTIVE'").first)
        sample.clock.now += 3600
        let id = try #require(try sample.ordered("{\"fault\":\"creative\",\"id\":\"\(ad)\"}")["id"] as? String)
        try sample.sync(isForced: false)
        try gallery.readAll()
        #expect(try gallery.stored()[id]?["content_key"] != nil)
        let shown = try gallery.lines("SELECT facebook_creative_id FROM creatives WHERE facebook_ad_id = '\(ad)'")
        #expect(shown == [id])
    }

    @Test("a limit of Facebook's puts the account on hold, and creatives wait")
    func limited() throws {
        sample.order(#"{"fault":"rate_limited","path":"ads","value":5}"#)
        try gallery.step()
        #expect(try gallery.lines("SELECT held_reason FROM ad_accounts") == ["RATE_LIMITED"])
        #expect(try sample.store.claimCreatives() == nil)
        #expect(try gallery.stored().values.allSatisfy { $0["content_key"] == nil })
    }

    @Test("more urgent work comes first, and what was read stays")
    func yields() throws {
        let work = try #require(try sample.store.claimCreatives())
        #expect(gallery.engine().readCreatives(work, yields: { true }))
        try sample.store.release(work)
        #expect(try gallery.stored().values.allSatisfy { $0["content_key"] == nil })
        try gallery.readAll()
        #expect(try gallery.stored().values.allSatisfy { $0["content_key"] != nil })
    }
}
