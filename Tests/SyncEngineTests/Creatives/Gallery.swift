import Foundation
import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Thumbnails

/// An account whose creatives and pictures are read.
struct Gallery {
    let sample: Sample

    init() throws {
        sample = try Sample()
    }

    func engine() -> SyncEngine {
        SyncEngine(
            store: sample.store,
            settings: sample.settings,
            makeClient: { [sample] _ in sample.client() },
            pictures: PictureWork(download: { try download($0, $1) }, makeThumbnails: Self.thumbnails),
            now: { [sample] in sample.clock.now },
            isStopping: { false },
            report: { _ in }
        )
    }

    /// The simulator's CDN without a network; what the network has against an address is tested with it.
    private func download(
        _ addresses: [String],
        _ tick: () throws -> Void
    ) throws -> [Result<[UInt8], PictureFailure>] {
        try addresses.map { address in
            try tick()
            let parts = URLComponents(string: address)
            let path = (parts?.path ?? "").replacingOccurrences(of: "/simulator", with: "")
            let response = sample.simulator.respond(
                to: HTTPRequest(path: path, query: parts?.percentEncodedQuery ?? "")
            )
            return switch response.status {
            case 200: .success(response.body)
            case 403: .failure(PictureFailure(.expired, "expired"))
            case 500...: .failure(PictureFailure(.passing, "HTTP \(response.status)"))
            default: .failure(PictureFailure(.unusable, "HTTP \(response.status)"))
            }
        }
    }

    private static func thumbnails(_ bytes: [UInt8]) -> Result<[Thumbnail], PictureFailure> {
        let failure = Result<[Thumbnail], PictureFailure>.failure(PictureFailure(.unusable, "no picture"))
        guard let header = PictureHeader(bytes), header.isDecodable, let picture = Picture(bytes, header.form) else {
            return failure
        }
        var thumbnails: [Thumbnail] = []
        for width in Thumbnail.widths {
            guard let scaled = picture.scaled(toWidth: width), let (type, file) = scaled.encoded() else {
                return failure
            }
            thumbnails.append(Thumbnail(width: width, type: type, bytes: file))
            if picture.width <= width { break }
        }
        return .success(thumbnails)
    }

    /// - Returns: whether anything was done.
    @discardableResult
    func step() throws -> Bool {
        guard let work = try sample.store.claimCreatives() else { return false }
        defer { _ = try? sample.store.release(work) }
        return engine().readCreatives(work)
    }

    /// Reads all that is due now.
    /// - Returns: the number of steps.
    @discardableResult
    func readAll() throws -> Int {
        var steps = 0
        while try step(), steps < 200 { steps += 1 }
        return steps
    }

    func lines(_ sql: String) throws -> [String] {
        try sample.database.connect().rows("\(raw: sql)") { $0.optionalText(0) ?? "" }.sorted()
    }

    /// The stored creatives by id; columns without a value are absent.
    func stored() throws -> [String: [String: String]] {
        var rows: [String: [String: String]] = [:]
        for line in try lines("SELECT to_jsonb(k)::text FROM ad_creatives k") {
            let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
            let texts = row.compactMapValues { $0 is NSNull ? nil : "\($0)" }
            rows[texts["facebook_creative_id"] ?? ""] = texts
        }
        return rows
    }

    /// Lets the time pass until all that waits is due.
    func makeDue() throws {
        try sample.database.connect().execute("UPDATE ad_creatives SET due_at = now() WHERE due_at IS NOT NULL")
    }

    /// The simulator's own creatives of all ads, by id.
    func creatives() -> [String: [String: Any]] {
        let fields = [
            "id", "title", "body", "call_to_action_type", "image_hash", "video_id", "object_story_spec",
            "asset_feed_spec",
            "effective_object_story_id", "instagram_permalink_url", "link_url",
        ].joined(separator: ",")
        let rows = Facebook(sample: sample).rows("ads", level: "ad", fields: "creative{\(fields)}")
        let creatives = rows.compactMap { $0["creative"] as? [String: Any] }
        return Dictionary(creatives.map { ($0["id"] as? String ?? "", $0) }) { one, _ in one }
    }
}

/// What a creative of the simulator shows, found by a person's rules: the texts of the story, or else of the assets.
struct Expected {
    let title: String?
    let body: String?
    let callToAction: String?
    let link: String?
    let video: String?
    let post: String?
    let identity: String

    init(_ creative: [String: Any]) {
        let spec = creative["object_story_spec"] as? [String: Any] ?? [:]
        let data = (spec["link_data"] ?? spec["video_data"] ?? spec["photo_data"]) as? [String: Any] ?? [:]
        let assets = creative["asset_feed_spec"] as? [String: Any] ?? [:]
        func asset(_ list: String, _ name: String) -> String? {
            (assets[list] as? [[String: Any]])?.first?[name] as? String
        }
        let text = { (value: Any?) in value as? String }
        title = text(creative["title"]) ?? text(data["title"]) ?? text(data["name"]) ?? asset("titles", "text")
        body = text(creative["body"]) ?? asset("bodies", "text")
        let action = data["call_to_action"] as? [String: Any]
        callToAction = text(creative["call_to_action_type"]) ?? text(action?["type"])
        let target = (action?["value"] as? [String: Any])?["link"]
        let wanted =
            text(creative["link_url"]) ?? text(data["link"]) ?? text(target) ?? asset("link_urls", "website_url")
        link = wanted?.hasPrefix("https://") == true ? wanted : nil
        video = text(creative["video_id"])
        let story = text(creative["effective_object_story_id"])
        post = text(creative["instagram_permalink_url"]) ?? story.map { "https://www.facebook.com/\($0)" }
        let shown = text(creative["image_hash"]) ?? video ?? asset("images", "hash") ?? story ?? ""
        identity = [shown, title ?? "", body ?? "", link ?? "", callToAction ?? ""].joined(separator: "\u{1}")
    }
}
