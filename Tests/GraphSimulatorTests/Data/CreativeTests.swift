import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct CreativeTests {
    let bench = Bench()

    private static let fields = [
        "id", "name", "title", "body", "call_to_action_type", "image_url", "image_hash", "thumbnail_url", "video_id",
        "object_type", "object_story_spec", "asset_feed_spec", "effective_object_story_id", "instagram_permalink_url",
        "link_url", "url_tags",
    ].joined(separator: ",")

    private func creatives(_ account: String = accounts[2]) -> [[String: Any]] {
        bench.all("\(account)/adcreatives", ["fields": Self.fields, "limit": "100"])
    }

    private func fetch(_ url: String) -> HTTPResponse {
        let parts = URLComponents(string: url)
        let path = (parts?.path ?? "").replacingOccurrences(of: "/simulator", with: "")
        return bench.simulator.respond(to: HTTPRequest(path: path, query: parts?.percentEncodedQuery ?? ""))
    }

    @Test("ads share creatives, and creatives share pictures and texts")
    func shared() {
        let ads = bench.all(
            "\(accounts[2])/ads",
            ["fields": "creative{id}", "limit": "500", "effective_status": everyStatus]
        )
        let ids = ads.compactMap { ($0["creative"] as? [String: Any])?["id"] as? String }
        #expect(ids.count == ads.count)
        #expect(Set(ids).count < ids.count)
        let creatives = creatives()
        #expect(Set(creatives.compactMap { $0["id"] as? String }) == Set(ids))
        let hashes = creatives.compactMap { $0["image_hash"] as? String }
        #expect(Set(hashes).count < hashes.count)
        let bodies = creatives.compactMap { $0["body"] as? String }
        #expect(Set(bodies).count < bodies.count)
    }

    @Test("all kinds are there: links, photos, videos, carousels, posts, feeds of assets")
    func kinds() {
        let creatives = creatives()
        let specs = creatives.compactMap { $0["object_story_spec"] as? [String: Any] }
        #expect(Set(creatives.compactMap { $0["object_type"] as? String }) == ["SHARE", "PHOTO", "VIDEO", "STATUS"])
        #expect(specs.contains { ($0["link_data"] as? [String: Any])?["child_attachments"] != nil })
        #expect(specs.contains { $0["video_data"] != nil })
        #expect(specs.contains { $0["photo_data"] != nil })
        #expect(creatives.contains { $0["asset_feed_spec"] != nil })
        #expect(creatives.contains { $0["instagram_permalink_url"] != nil })
    }

    @Test("one creative reads as it is listed and as its ad has it, with thumbnails of the requested size")
    func single() throws {
        let ad = try #require(bench.all("\(accounts[2])/ads", ["fields": "creative{id,body}"]).first)
        let nested = try #require(ad["creative"] as? [String: Any])
        let id = try #require(nested["id"] as? String)
        #expect(bench.get(id, ["fields": "body"])["body"] as? String == nested["body"] as? String)
        let size = ["fields": "thumbnail_url", "thumbnail_width": "600", "thumbnail_height": "600"]
        #expect((bench.get(id, size)["thumbnail_url"] as? String)?.contains("stp=p600x600") == true)
        let modified = ["fields": "creative.thumbnail_width(500).thumbnail_height(400){thumbnail_url}"]
        let row = bench.get(ad["id"] as? String ?? "", modified)["creative"] as? [String: Any]
        #expect((row?["thumbnail_url"] as? String)?.contains("stp=p500x400") == true)
        #expect(bench.error(id, ["fields": "thumbnail_url", "thumbnail_width": "x"]).code == 100)
        #expect(bench.error(id, ["fields": "x"]).message.hasSuffix("on node type (AdCreative)"))
    }

    @Test("an ad that is changed gets another creative, and the one before stays readable")
    func changed() throws {
        let ad = try #require(bench.all("\(accounts[2])/ads", ["fields": "creative{id}"]).first)
        let before = try #require((ad["creative"] as? [String: Any])?["id"] as? String)
        let id = try #require(ad["id"] as? String)
        let answer = bench.ordered("{\"fault\":\"creative\",\"id\":\"\(id)\"}")
        let after = (bench.get(id, ["fields": "creative{id}"])["creative"] as? [String: Any])?["id"] as? String
        #expect(after != before)
        #expect(answer["id"] as? String == after)
        #expect(bench.get(before)["id"] as? String == before)
        #expect(bench.get(after ?? "")["id"] as? String == after)
    }

    @Test(
        "a broken creative fails its page and itself, unless its story is not requested",
        arguments: [2_446_211, 1_443_048]
    )
    func broken(subcode: Int) throws {
        let ad = try #require(bench.all("\(accounts[2])/ads", ["fields": "creative{id}"]).first)
        let order = bench.ordered("{\"fault\":\"creative_broken\",\"id\":\"\(ad["id"] ?? "")\",\"subcode\":\(subcode)}")
        let id = try #require(order["id"] as? String)
        for (path, fields) in [
            ("\(accounts[2])/ads", "creative{id,object_story_spec}"),
            ("\(accounts[2])/adcreatives", "object_story_spec"),
            (id, "object_story_spec"),
        ] {
            let response = bench.send("GET", "/v23.0/\(path)", ["fields": fields, "limit": "500"])
            let error = Bench.object(response)["error"] as? [String: Any]
            #expect(error?["error_subcode"] as? Int == subcode)
        }
        #expect(bench.get(id, ["fields": "body"])["id"] as? String == id)
        _ = bench.send("DELETE", "/_control")
        #expect(bench.get(id, ["fields": "object_story_spec"])["id"] as? String == id)
    }

    @Test("pictures are files of four forms, at addresses that are signed and expire")
    func pictures() throws {
        let urls = Set(creatives().compactMap { $0["thumbnail_url"] as? String })
        let marks: [String: [UInt8]] = [
            "image/jpeg": [0xFF, 0xD8, 0xFF], "image/png": [0x89, 0x50, 0x4E, 0x47], "image/gif": Array("GIF89a".utf8),
            "image/webp": Array("RIFF".utf8),
        ]
        var seen: Set<String> = []
        for url in urls {
            let response = fetch(url)
            #expect(response.status == 200)
            let type = response.headers["Content-Type"] ?? ""
            seen.insert(type)
            #expect(response.body.starts(with: marks[type] ?? [0]))
        }
        #expect(seen == Set(marks.keys))
        let url = try #require(urls.first)
        #expect(fetch(url.replacingOccurrences(of: "p64x64", with: "p999x999")).status == 403)
        bench.time += 5 * 86_400
        #expect(fetch(url).status == 403)
    }

    @Test("the CDN does wrong what it is ordered to, and only that often", arguments: PictureFault.Kind.allCases)
    func faults(kind: PictureFault.Kind) throws {
        let url = try #require(creatives().compactMap { $0["image_url"] as? String }.first)
        let regular = fetch(url)
        #expect(bench.order("{\"fault\":\"picture\",\"kind\":\"\(kind.rawValue)\",\"times\":1,\"value\":7000}") == 200)
        let faulty = fetch(url)
        #expect(
            faulty.body != regular.body || faulty.status != 200 || bench.slept == [7]
                || faulty.headers["Content-Type"] == "text/html"
        )
        #expect(fetch(url).body == regular.body)
        #expect(bench.order(#"{"fault":"picture","kind":"x"}"#) == 400)
    }
}
