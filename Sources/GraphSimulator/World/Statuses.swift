/// What an advertiser sets (the first four) and what Graph derives from parents and review.
enum Status: String, Sendable, CaseIterable {
    case active = "ACTIVE"
    case paused = "PAUSED"
    case deleted = "DELETED"
    case archived = "ARCHIVED"
    case pendingReview = "PENDING_REVIEW"
    case disapproved = "DISAPPROVED"
    case preapproved = "PREAPPROVED"
    case pendingBilling = "PENDING_BILLING_INFO"
    case campaignPaused = "CAMPAIGN_PAUSED"
    case adSetPaused = "ADSET_PAUSED"
    case inProcess = "IN_PROCESS"
    case withIssues = "WITH_ISSUES"

    /// Left out of edges and insights unless asked for.
    var isHidden: Bool { self == .archived || self == .deleted }
    var isSettable: Bool { self == .active || self == .paused || isHidden }

    /// Its place in a set.
    fileprivate var place: UInt16 {
        switch self {
        case .active: 0
        case .paused: 1
        case .deleted: 2
        case .archived: 3
        case .pendingReview: 4
        case .disapproved: 5
        case .preapproved: 6
        case .pendingBilling: 7
        case .campaignPaused: 8
        case .adSetPaused: 9
        case .inProcess: 10
        case .withIssues: 11
        }
    }
}

/// Some of the statuses; names that are none are left out.
struct StatusSet {
    private var bits: UInt16 = 0

    init(_ names: [String]) {
        for name in names {
            if let status = Status(rawValue: name) { bits |= 1 << status.place }
        }
    }

    func contains(_ status: Status) -> Bool { bits >> status.place & 1 == 1 }
}
