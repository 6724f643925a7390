/// Fields of an ad's creative.
enum CreativeField: String {
    case id
    case accountID = "account_id"
    case name
    case status
    case title
    case body
    case callToActionType = "call_to_action_type"
    case imageURL = "image_url"
    case imageHash = "image_hash"
    case thumbnailURL = "thumbnail_url"
    case videoID = "video_id"
    case objectType = "object_type"
    case objectStorySpec = "object_story_spec"
    case assetFeedSpec = "asset_feed_spec"
    case objectStoryID = "effective_object_story_id"
    case instagramPermalinkURL = "instagram_permalink_url"
    case linkURL = "link_url"
    case urlTags = "url_tags"
}

/// The requested fields of creatives.
struct CreativeSelection {
    let fields: [CreativeField]
    /// Of `thumbnail_url`.
    var width = 64
    var height = 64

    /// - Parameters:
    ///   - requested: nil for the default field.
    ///   - parameter: gives `thumbnail_width` and `thumbnail_height`.
    init(_ requested: [RequestedField]?, parameter: (String) -> String?) throws(GraphError) {
        var fields: [CreativeField] = []
        for field in requested ?? [] {
            guard let known = CreativeField(rawValue: field.name) else {
                throw .unknownField(field.name, on: "AdCreative")
            }
            fields.append(known)
        }
        self.fields = fields.contains(.id) ? fields : fields + [.id]
        width = try Self.size("thumbnail_width", parameter) ?? width
        height = try Self.size("thumbnail_height", parameter) ?? height
    }

    private static func size(_ name: String, _ parameter: (String) -> String?) throws(GraphError) -> Int? {
        guard let text = parameter(name) else { return nil }
        guard let size = Int(text), (1...4096).contains(size) else {
            throw .parameter("Param \(name) must be an integer {\(name)}")
        }
        return size
    }
}

extension SimulatedAccount {
    /// A creative with the selected fields; those without a value are absent.
    func creative(_ creative: SimulatedCreative, _ selection: CreativeSelection, now: Int) -> JSON {
        let view = CreativeView(creative, of: self, now: now)
        return .present(selection.fields.map { ($0.rawValue, view.value($0, selection)) })
    }
}

/// The values of a creative's fields.
private struct CreativeView {
    private let creative: SimulatedCreative
    private let account: SimulatedAccount
    private let now: Int
    private let title: String
    private let text: String

    init(_ creative: SimulatedCreative, of account: SimulatedAccount, now: Int) {
        self.creative = creative
        self.account = account
        self.now = now
        var dice = Randomness(creative.content)
        let serial = Int(creative.content % 1000)
        title = Names(currency: account.spec.currency).ad(&dice, serial: serial)
        text = "\(title) – \(account.spec.name)\n<script>alert(\(serial))</script> & “\(serial) %”"
    }

    private var kind: SimulatedCreative.Kind { creative.kind }
    private var picture: SimulatedPicture { SimulatedPicture(creative.content) }
    private var callToAction: String { ["SHOP_NOW", "LEARN_MORE", "SIGN_UP"][Int(creative.content >> 32) % 3] }
    private var page: String { String(112_000_000_000_000 + account.seed % 99_999_999) }
    private var video: String? {
        kind == .video || kind == .reel ? String(700_000_000_000_000 + creative.content % 1_000_000_000) : nil
    }
    /// Some are what no link may be.
    private var link: String {
        creative.content % 29 == 0
            ? "javascript:alert(\(creative.content % 1000))"
            : "https://shop.example.com/p/\(creative.content % 997)?ref=ad"
    }

    private func url(_ name: Int = 0, width: Int? = nil, height: Int? = nil) -> JSON {
        let picture = name == 0 ? picture : SimulatedPicture(Randomness.mixed(creative.content &+ UInt64(name)))
        return .string(account.cdn + picture.address(width: width, height: height, until: now + 4 * 86_400))
    }

    func value(_ field: CreativeField, _ selection: CreativeSelection) -> JSON? {
        switch field {
        case .id: return .string(String(creative.id))
        case .accountID: return .string(account.spec.id)
        case .name:
            let ad = account.ads[creative.owner]
            return .string("\(ad.name) \(CivilDate.text(account.clock.day(at: ad.created)))-\(creative.id)")
        case .status: return "ACTIVE"
        case .title: return kind == .plainLink || kind == .photo ? .string(title) : nil
        case .body: return kind == .assetFeed ? nil : .string(text)
        case .callToActionType: return kind == .post || kind == .photo ? nil : .string(callToAction)
        case .imageURL: return kind == .video || kind == .reel || kind == .post || kind == .assetFeed ? nil : url()
        case .imageHash:
            return kind == .video || kind == .reel || kind == .post || kind == .assetFeed ? nil : .string(picture.hash)
        case .thumbnailURL: return url(width: selection.width, height: selection.height)
        case .videoID: return video.map(JSON.string)
        case .objectType: return .string(kind.word)
        case .objectStorySpec: return storySpec
        case .assetFeedSpec: return assetFeedSpec
        case .objectStoryID:
            return kind == .assetFeed ? nil : .string("\(page)_\(creative.content % 1_000_000_000_000)")
        case .instagramPermalinkURL:
            return kind == .reel ? .string("https://www.instagram.com/p/\(String(creative.content, radix: 36))/") : nil
        case .linkURL: return kind == .plainLink ? .string(link) : nil
        case .urlTags: return "utm_source=facebook"
        }
    }

    private var action: JSON { ["type": .string(callToAction), "value": ["link": .string(link)]] }

    private var storySpec: JSON? {
        let data: (String, JSON)? =
            switch kind {
            case .link:
                (
                    "link_data",
                    [
                        "link": .string(link), "message": .string(text), "name": .string(title),
                        "image_hash": .string(picture.hash), "call_to_action": action,
                    ]
                )
            case .carousel:
                (
                    "link_data",
                    [
                        "link": .string(link), "message": .string(text), "name": .string(title),
                        "child_attachments": .array(
                            (1...3).map { card in
                                [
                                    "link": .string("\(link)&card=\(card)"), "name": .string("\(title) \(card)"),
                                    "picture": url(card - 1), "call_to_action": action,
                                ]
                            }
                        ),
                    ]
                )
            case .video, .reel:
                (
                    "video_data",
                    [
                        "video_id": .string(video ?? ""), "title": .string(title), "message": .string(text),
                        "image_url": url(), "call_to_action": action,
                    ]
                )
            case .photo:
                ("photo_data", ["caption": .string(text), "image_hash": .string(picture.hash), "url": url()])
            case .assetFeed, .post, .plainLink: nil
            }
        return data.map { .object([("page_id", .string(page)), $0]) }
    }

    private var assetFeedSpec: JSON? {
        guard kind == .assetFeed else { return nil }
        return [
            "images": [["hash": .string(picture.hash), "url": url()]],
            "bodies": [["text": .string(text)], ["text": .string("\(text) (2)")]],
            "titles": [["text": .string(title)]],
            "link_urls": [["website_url": .string(link)]],
            "call_to_action_types": [.string(callToAction)],
            "ad_formats": ["SINGLE_IMAGE"],
        ]
    }
}
