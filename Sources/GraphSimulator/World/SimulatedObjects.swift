/// The four kinds of nodes, from coarse to fine.
enum Level: Int, Sendable, Comparable, CaseIterable {
    case account
    case campaign
    case adset
    case ad

    init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    /// As in insights' `level` and in the prefixes of filters.
    var name: String {
        switch self {
        case .account: "account"
        case .campaign: "campaign"
        case .adset: "adset"
        case .ad: "ad"
        }
    }

    /// As in error texts.
    var nodeType: String {
        switch self {
        case .account: "AdAccount"
        case .campaign: "Campaign"
        case .adset: "AdSet"
        case .ad: "Ad"
        }
    }

    static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }
}

/// A campaign, an ad set or an ad. Values that are not stored here are derived from `hash`.
struct SimulatedObject: Sendable {
    /// 17 or 18 digits, above 2^53; ascending with the time of creation.
    let id: Int
    let hash: UInt64
    /// The place of the parent in its account's array; -1 for a campaign.
    let parent: Int
    /// Unix seconds.
    let created: Int
    var updated: Int
    /// The status as set: one of the first four.
    var status: Status
    var name: String
    var presence = Presence.listed
    /// Ads only: the days, in the account's zone, between which there can be delivery.
    var firstDay = 0
    var lastDay = 0
}

/// The position of an object.
struct ObjectPlace: Equatable {
    let account: Int
    let level: Level
    /// 0 for the account itself.
    let index: Int
}

/// An ad account with its objects, each array in the order of creation (and of id).
struct SimulatedAccount: Sendable {
    let spec: AccountSpec
    let clock: AccountClock
    let seed: UInt64
    let created: Int
    var campaigns: [SimulatedObject] = []
    var adSets: [SimulatedObject] = []
    var ads: [SimulatedObject] = []
    /// By id, of objects whose settings were edited.
    var settings: [Int: ObjectSettings] = [:]
    /// By id, of objects whose state was ordered.
    var states: [Int: ObjectState] = [:]
    var state = AccountState()
    var restatements = Restatements()
    /// What the addresses of pictures begin with.
    var cdn = ""
    /// Goes up with everything that changes here.
    var revision = 0
    /// Ads that are set to run.
    private(set) var activeAds = 0

    func objects(_ level: Level) -> [SimulatedObject] {
        switch level {
        case .account: []
        case .campaign: campaigns
        case .adset: adSets
        case .ad: ads
        }
    }

    mutating func change(_ level: Level, _ index: Int, by edit: (inout SimulatedObject) -> Void) {
        switch level {
        case .account: break
        case .campaign: edit(&campaigns[index])
        case .adset: edit(&adSets[index])
        case .ad:
            activeAds -= ads[index].status == .active ? 1 : 0
            edit(&ads[index])
            activeAds += ads[index].status == .active ? 1 : 0
        }
    }

    /// - Parameter object: the newest of its level.
    mutating func append(_ object: SimulatedObject, _ level: Level) {
        switch level {
        case .account: break
        case .campaign: campaigns.append(object)
        case .adset: adSets.append(object)
        case .ad:
            ads.append(object)
            activeAds += object.status == .active ? 1 : 0
        }
    }

    mutating func countActiveAds() { activeAds = ads.count { $0.status == .active } }

    /// Whether a node can be read by its id.
    func isReadable(_ place: ObjectPlace) -> Bool {
        place.level == .account || objects(place.level)[place.index].presence != .gone
    }

    /// The index of an id within a level, by binary search.
    func index(of id: Int, _ level: Level) -> Int? {
        let objects = objects(level)
        var low = 0
        var high = objects.count
        while low < high {
            let middle = (low + high) / 2
            if objects[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < objects.count && objects[low].id == id ? low : nil
    }

    /// The object itself or what it belongs to, at a coarser level.
    @inline(__always)
    func ancestor(_ level: Level, of index: Int, _ own: Level) -> Int {
        switch (own, level) {
        case (_, .account): 0
        case (.ad, .adset): ads[index].parent
        case (.ad, .campaign): adSets[ads[index].parent].parent
        case (.adset, .campaign): adSets[index].parent
        default: index
        }
    }

    /// Own status first, then what parents force upon it.
    func effectiveStatus(_ level: Level, _ index: Int) -> Status {
        switch level {
        case .account:
            return .active
        case .campaign:
            return campaigns[index].status
        case .adset:
            let adSet = adSets[index]
            return Self.effective(own: adSet.status, parent: campaigns[adSet.parent].status, pausedBy: .campaignPaused)
        case .ad:
            let ad = ads[index]
            let adSet = adSets[ad.parent]
            let parent = Self.effective(
                own: adSet.status,
                parent: campaigns[adSet.parent].status,
                pausedBy: .campaignPaused
            )
            let status = Self.effective(own: ad.status, parent: parent, pausedBy: .adSetPaused)
            return status == .active ? review(ad) : status
        }
    }

    private static func effective(own: Status, parent: Status, pausedBy: Status) -> Status {
        if own == .deleted || parent == .deleted { return .deleted }
        if own == .archived || parent == .archived { return .archived }
        if own == .paused { return .paused }
        return parent == .active ? own : parent == .paused ? pausedBy : parent
    }

    /// A few of the running ads are under review, refused or in trouble.
    private func review(_ ad: SimulatedObject) -> Status {
        switch ad.hash % 200 {
        case 0: .pendingReview
        case 1: .disapproved
        case 2: .withIssues
        default: .active
        }
    }
}
