internal import ASCII
internal import Model
internal import Secrets

/// A creative as Facebook returns it. Texts, links and pictures are in one of several places, depending on how the ad was
/// made.
enum CreativeObject {
    static let fields = [
        "id", "name", "object_type", "title", "body", "call_to_action_type", "link_url", "image_hash", "image_url",
        "thumbnail_url", "video_id", "effective_object_story_id", "instagram_permalink_url", "object_story_spec",
        "asset_feed_spec",
    ]
    /// Without any of the first `needed` a creative is of no use.
    static let needed = 1
    /// Pixels: the widest thumbnail that is kept.
    static let thumbnailSize = 1080

    static func read(_ row: inout WireRow) throws(UnusableRow) -> Creative {
        let id = try row.requiredID("id")
        let sources = sources(row)
        let first = { (names: [String]) in sources.lazy.compactMap { text($0, names) }.first }
        var creative = Creative(id: id, contentKey: "")
        creative.name = text(row.value("name"))
        creative.objectType = text(row.value("object_type"))
        creative.title = first(["title", "name", "titles"])
        creative.body = first(["body", "message", "caption", "bodies"])
        creative.callToAction =
            first(["call_to_action_type", "call_to_action_types"])
            ?? sources.lazy.compactMap { text($0["call_to_action"]?["type"]) }.first
        creative.linkURL = links(sources).lazy.compactMap(WebAddress.init).first?.text
        creative.postURL = postURL(row)
        creative.videoID = first(["video_id"])
        creative.imageHash = first(["image_hash", "hash"]) ?? creative.videoID.map { "video:\($0)" }
        creative.pictureURL =
            first(["image_url", "url", "picture"]) ?? text(row.value("thumbnail_url")) ?? first(["thumbnail_url"])
        creative.contentKey = contentKey(creative, row, sources)
        return creative
    }

    /// The objects that may have texts and pictures, the most telling first: the creative itself, its story, the cards of a
    /// carousel, the assets that Facebook combines.
    private static func sources(_ row: WireRow) -> [WireValue] {
        let own = ["title", "body", "call_to_action_type", "link_url", "image_hash", "image_url", "video_id"]
        var sources: [WireValue] = [
            .object(own.compactMap { name in row.value(name).map { WireValue.Member(name: name, value: $0) } })
        ]
        let spec = row.value("object_story_spec")
        for name in ["link_data", "video_data", "photo_data", "template_data"] {
            guard let data = spec?[name] else { continue }
            sources.append(data)
            sources += list(data["child_attachments"])
        }
        guard let assets = row.value("asset_feed_spec") else { return sources }
        sources.append(assets)
        return sources + list(assets["images"]) + list(assets["videos"])
    }

    private static func links(_ sources: [WireValue]) -> [String] {
        sources.compactMap { text($0, ["link_url", "link"]) }
            + sources.compactMap { text($0["call_to_action"]?["value"]?["link"]) }
            + sources.flatMap { list($0["link_urls"]).compactMap { text($0["website_url"]) } }
    }

    private static func postURL(_ row: WireRow) -> String? {
        if let text = text(row.value("instagram_permalink_url")), let address = WebAddress(text) { return address.text }
        // The ids of the page and of its post.
        guard let story = text(row.value("effective_object_story_id")) else { return nil }
        let ids = story.split(separator: "_", omittingEmptySubsequences: false)
        guard ids.count == 2, ids.allSatisfy({ (1...25).contains($0.utf8.count) && $0.isDigits }) else { return nil }
        return "https://www.facebook.com/\(story)"
    }

    /// The digest of all pictures, videos and texts. A post that is shown as it is has none of them, and counts itself.
    private static func contentKey(_ creative: Creative, _ row: WireRow, _ sources: [WireValue]) -> String {
        var seen: Set<String> = []
        let media = sources.flatMap { source in ["image_hash", "hash", "video_id"].compactMap { text(source[$0]) } }
            .filter { seen.insert($0).inserted }
        let shown = media.isEmpty ? [text(row.value("effective_object_story_id")) ?? creative.id] : media
        let texts = [creative.title, creative.body, creative.linkURL, creative.callToAction].map { $0 ?? "" }
        let parts = (shown + [""] + texts).map { "\($0.utf8.count):\($0)" }
        return String(Hexadecimal.text(sha256(parts.joined(separator: ",").utf8)).prefix(32))
    }

    /// The first text among members of an object. Of a list, that of its first element counts.
    private static func text(_ source: WireValue, _ names: [String]) -> String? {
        names.lazy.compactMap { text(source[$0]) }.first
    }

    private static func text(_ value: WireValue?) -> String? {
        switch value {
        case .list(let elements):
            elements.first.flatMap { $0.isObject ? text($0["text"]) : WireRow.text($0) }.flatMap {
                $0.isEmpty ? nil : $0
            }
        case let value?: WireRow.text(value).flatMap { $0.isEmpty ? nil : $0 }
        case nil: nil
        }
    }

    private static func list(_ value: WireValue?) -> [WireValue] {
        if case .list(let elements) = value { elements } else { [] }
    }
}

/// An address that may become a link: `http` or `https`, and nothing that ends it early.
struct WebAddress {
    let text: String

    init?(_ text: String) {
        let isPlain = text.utf8.count <= 4096 && text.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
        let scheme = text.prefix(8).lowercased()
        guard isPlain, scheme.hasPrefix("http://") || scheme.hasPrefix("https://") else { return nil }
        self.text = text
    }
}
