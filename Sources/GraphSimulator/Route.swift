/// What a path asks for.
enum Route {
    case me
    case accounts
    case debugToken
    case node(ObjectPlace)
    case edge(ObjectPlace, Level)
    case insights(ObjectPlace)
    /// A node that does not exist or is not ours.
    case missing(String)
    case unknown(String)

    /// - Parameter segments: of the path behind the version.
    init(_ segments: [Substring], in world: SimulatedWorld) {
        let path = "/" + segments.joined(separator: "/")
        guard let first = segments.first, segments.count <= 2 else {
            self = .unknown(path)
            return
        }
        let edge = segments.count == 2 ? segments[1] : nil
        switch (first, edge) {
        case ("me", nil): self = .me
        case ("me", "adaccounts"): self = .accounts
        case ("debug_token", nil): self = .debugToken
        default:
            guard let place = Self.place(first, in: world) else {
                self = .missing(String(first))
                return
            }
            self = Self.route(place, edge) ?? .unknown(path)
        }
    }

    private static func place(_ id: Substring, in world: SimulatedWorld) -> ObjectPlace? {
        if id.hasPrefix("act_") {
            return world.account(id: id.dropFirst(4)).map { ObjectPlace(account: $0, level: .account, index: 0) }
        }
        return Int(id).flatMap(world.object)
    }

    private static func route(_ place: ObjectPlace, _ edge: Substring?) -> Route? {
        switch edge {
        case nil: .node(place)
        case "insights": .insights(place)
        case "campaigns" where place.level < .campaign: .edge(place, .campaign)
        case "adsets" where place.level < .adset: .edge(place, .adset)
        case "ads" where place.level < .ad: .edge(place, .ad)
        default: nil
        }
    }

    /// The account whose quota the call uses.
    var account: Int? {
        switch self {
        case .node(let place), .edge(let place, _), .insights(let place): place.account
        case .me, .accounts, .debugToken, .missing, .unknown: nil
        }
    }

    var usage: UsageMeter.Kind {
        if case .insights = self { .insights } else { .management }
    }

    /// As calls are counted: `act/campaigns`, `adset/insights`, `me/adaccounts`.
    var kind: String {
        switch self {
        case .me: "me"
        case .accounts: "me/adaccounts"
        case .debugToken: "debug_token"
        case .node(let place): Self.word(place)
        case .edge(let place, let level): "\(Self.word(place))/\(level.name)s"
        case .insights(let place): "\(Self.word(place))/insights"
        case .missing, .unknown: "other"
        }
    }

    private static func word(_ place: ObjectPlace) -> String {
        place.level == .account ? "act" : place.level.name
    }
}
