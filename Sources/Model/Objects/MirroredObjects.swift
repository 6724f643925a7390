/// An object of any level, as Facebook last returned it.
package enum MirroredObject: Sendable, Equatable {
    case campaign(Campaign)
    case adSet(AdSet)
    case ad(Ad)

    package var id: String {
        switch self {
        case .campaign(let campaign): campaign.id
        case .adSet(let adSet): adSet.id
        case .ad(let ad): ad.id
        }
    }

    package var updatedAt: Timestamp? {
        switch self {
        case .campaign(let campaign): campaign.updatedAt
        case .adSet(let adSet): adSet.updatedAt
        case .ad(let ad): ad.updatedAt
        }
    }

    package var gaps: Gaps {
        switch self {
        case .campaign(let campaign): campaign.gaps
        case .adSet(let adSet): adSet.gaps
        case .ad(let ad): ad.gaps
        }
    }
}

/// A campaign.
package struct Campaign: Sendable, Equatable {
    /// Facebook's id: digits, above 2^53, so text everywhere.
    package var id: String
    package var name: String
    /// What its owner set: ACTIVE, PAUSED, DELETED, ARCHIVED. Words that we do not know pass through.
    package var status: String
    /// The status that follows from it, the parents' status, review and billing.
    package var effectiveStatus: String
    package var objective: String?
    package var dailyBudget: Amount?
    package var lifetimeBudget: Amount?
    package var bidStrategy: String?
    /// When it is to begin and to end; `nil` for an open end.
    package var startsAt: Timestamp?
    package var endsAt: Timestamp?
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    /// What Facebook says is wrong with it: a list as JSON text, `[]` for nothing; `nil` when it is unknown.
    package var issues: String?
    package var budgetRemaining: Amount?
    package var gaps = Gaps()

    package init(
        id: String,
        name: String,
        status: String,
        effectiveStatus: String,
        objective: String?,
        dailyBudget: Amount?,
        lifetimeBudget: Amount?,
        bidStrategy: String?,
        startsAt: Timestamp?,
        endsAt: Timestamp?,
        createdAt: Timestamp?,
        updatedAt: Timestamp?
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.effectiveStatus = effectiveStatus
        self.objective = objective
        self.dailyBudget = dailyBudget
        self.lifetimeBudget = lifetimeBudget
        self.bidStrategy = bidStrategy
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// An ad set (table `ad_groups`).
package struct AdSet: Sendable, Equatable {
    package var id: String
    /// `nil` when it cannot be read.
    package var campaignID: String?
    package var name: String
    package var status: String
    package var effectiveStatus: String
    package var optimizationGoal: String?
    package var dailyBudget: Amount?
    package var lifetimeBudget: Amount?
    package var bidStrategy: String?
    /// What the bid may be at most, in the account's currency.
    package var bidAmount: Amount?
    package var startsAt: Timestamp?
    package var endsAt: Timestamp?
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    /// As those of a campaign.
    package var issues: String?
    package var budgetRemaining: Amount?
    /// How far Facebook's learning is: LEARNING, SUCCESS, FAIL. `nil` where Facebook says nothing about it.
    package var learning: String?
    package var gaps = Gaps()

    package init(
        id: String,
        campaignID: String?,
        name: String,
        status: String,
        effectiveStatus: String,
        optimizationGoal: String?,
        dailyBudget: Amount?,
        lifetimeBudget: Amount?,
        bidStrategy: String?,
        bidAmount: Amount?,
        startsAt: Timestamp?,
        endsAt: Timestamp?,
        createdAt: Timestamp?,
        updatedAt: Timestamp?
    ) {
        self.id = id
        self.campaignID = campaignID
        self.name = name
        self.status = status
        self.effectiveStatus = effectiveStatus
        self.optimizationGoal = optimizationGoal
        self.dailyBudget = dailyBudget
        self.lifetimeBudget = lifetimeBudget
        self.bidStrategy = bidStrategy
        self.bidAmount = bidAmount
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// An ad (table `creatives`).
package struct Ad: Sendable, Equatable {
    package var id: String
    /// `nil` when it cannot be read; `campaignID` likewise.
    package var adSetID: String?
    package var campaignID: String?
    package var name: String
    package var status: String
    package var effectiveStatus: String
    /// VIDEO, IMAGE, LINK, or Facebook's own word for another kind.
    package var format: String?
    /// Facebook's id of what the ad shows.
    package var creativeID: String?
    package var createdAt: Timestamp?
    package var updatedAt: Timestamp?
    /// As those of a campaign.
    package var issues: String?
    /// Why its review refused it: a list as JSON text, `[]` for nothing; `nil` when it is unknown.
    package var reviewFeedback: String?
    package var gaps = Gaps()

    package init(
        id: String,
        adSetID: String?,
        campaignID: String?,
        name: String,
        status: String,
        effectiveStatus: String,
        format: String?,
        createdAt: Timestamp?,
        updatedAt: Timestamp?
    ) {
        self.id = id
        self.adSetID = adSetID
        self.campaignID = campaignID
        self.name = name
        self.status = status
        self.effectiveStatus = effectiveStatus
        self.format = format
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// The levels at which Facebook returns objects and metrics.
package enum Level: String, Sendable, CaseIterable {
    case campaign
    case adSet = "adset"
    case ad
}

extension Level {
    /// The member of answers that has something about the level's objects: `adSets`.
    package var objectsMember: String { "\(member)s" }

    /// The member of answers that has something about the totals of the level's objects: `adSetTotals`.
    package var totalsMember: String { "\(member)Totals" }

    private var member: String {
        switch self {
        case .campaign: "campaign"
        case .adSet: "adSet"
        case .ad: "ad"
        }
    }

    /// For people.
    package var plural: String {
        switch self {
        case .campaign: "campaigns"
        case .adSet: "ad sets"
        case .ad: "ads"
        }
    }
}
