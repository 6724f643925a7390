/// What a path asks for.
enum Route {
    case me
    case accounts
    case debugToken
    /// The page on which a person grants an app its permissions.
    case dialog
    case accessToken
    case node(ObjectPlace)
    case edge(ObjectPlace, Level)
    case insights(ObjectPlace)
    /// The creatives of an account.
    case creatives(account: Int)
    case customConversions(account: Int)
    case creative(SimulatedCreative, account: Int)
    /// An async insights run, by its id.
    case report(Report)
    case reportInsights(Report)
    /// A node that does not exist or is not ours.
    case missing(String)
    case unknown(String)

    /// - Parameter segments: of the path behind the version.
    init(_ segments: [Substring], in world: SimulatedWorld, _ reports: Reports) {
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
        case ("dialog", "oauth"): self = .dialog
        case ("oauth", "access_token"): self = .accessToken
        default:
            if let report = Int(first).flatMap({ reports[$0] }) {
                self = edge == nil ? .report(report) : edge == "insights" ? .reportInsights(report) : .unknown(path)
                return
            }
            if edge == nil, let (account, creative) = Int(first).flatMap(world.creative) {
                self = .creative(creative, account: account)
                return
            }
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
        return Int(id).flatMap(world.object).flatMap { world.accounts[$0.account].isReadable($0) ? $0 : nil }
    }

    private static func route(_ place: ObjectPlace, _ edge: Substring?) -> Route? {
        switch edge {
        case nil: .node(place)
        case "insights": .insights(place)
        case "campaigns" where place.level < .campaign: .edge(place, .campaign)
        case "adsets" where place.level < .adset: .edge(place, .adset)
        case "ads" where place.level < .ad: .edge(place, .ad)
        case "adcreatives" where place.level == .account: .creatives(account: place.account)
        case "customconversions" where place.level == .account: .customConversions(account: place.account)
        default: nil
        }
    }

    /// The account whose quota the call uses.
    var account: Int? {
        switch self {
        case .node(let place), .edge(let place, _), .insights(let place): place.account
        case .report(let report), .reportInsights(let report): report.place.account
        case .creatives(let account), .creative(_, let account), .customConversions(let account): account
        case .me, .accounts, .debugToken, .dialog, .accessToken, .missing, .unknown: nil
        }
    }

    var usage: UsageMeter.Kind { isInsights ? .insights : .management }

    var isInsights: Bool {
        switch self {
        case .insights, .report, .reportInsights: true
        default: false
        }
    }

    /// Whether a page of rows is the answer to a GET.
    var isList: Bool {
        switch self {
        case .accounts, .edge, .insights, .reportInsights, .creatives, .customConversions: true
        default: false
        }
    }

    var isEdge: Bool {
        if case .edge = self { true } else { false }
    }

    /// What the nodes of the answer are called in error texts.
    var nodeType: String {
        switch self {
        case .node(let place): place.level.nodeType
        case .edge(_, let level): level.nodeType
        case .report: "AdReportRun"
        case .creatives, .creative: "AdCreative"
        case .customConversions: "CustomConversion"
        case .insights, .reportInsights: "AdsInsights"
        case .me, .debugToken, .dialog, .accessToken: "User"
        case .accounts, .missing, .unknown: Level.account.nodeType
        }
    }

    /// As calls are counted: `act/campaigns`, `adset/insights`, `me/adaccounts`, `report/insights`.
    var kind: String {
        switch self {
        case .me: "me"
        case .accounts: "me/adaccounts"
        case .debugToken: "debug_token"
        case .dialog: "dialog"
        case .accessToken: "oauth/access_token"
        case .node(let place): Self.word(place)
        case .edge(let place, let level): "\(Self.word(place))/\(level.name)s"
        case .insights(let place): "\(Self.word(place))/insights"
        case .creatives: "act/adcreatives"
        case .customConversions: "act/customconversions"
        case .creative: "creative"
        case .report: "report"
        case .reportInsights: "report/insights"
        case .missing, .unknown: "other"
        }
    }

    private static func word(_ place: ObjectPlace) -> String {
        place.level == .account ? "act" : place.level.name
    }
}
