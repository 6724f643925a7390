/// The lists that a sync reads.
package enum SyncList: String, Sendable, CaseIterable {
    case campaigns
    case adSets = "ad_sets"
    case ads
    case campaignTotals = "campaign_totals"
    case adSetTotals = "ad_set_totals"
    case adTotals = "ad_totals"
    /// The account's figures for each day.
    case accountDays = "account_days"
    /// The ads' days that are read with every sync.
    case recentDays = "recent_days"
    /// Older ones, a slice at a time.
    case history

    /// The list whose page size and refused fields apply to this one. Days of ads are requested in the same form,
    /// however old they are.
    package var adapted: SyncList { self == .history ? .recentDays : self }

    /// The list of a level's objects.
    package static func objects(_ level: Level) -> SyncList {
        switch level {
        case .campaign: .campaigns
        case .adSet: .adSets
        case .ad: .ads
        }
    }

    /// The list of a level's totals.
    package static func totals(_ level: Level) -> SyncList {
        switch level {
        case .campaign: .campaignTotals
        case .adSet: .adSetTotals
        case .ad: .adTotals
        }
    }
}

/// The known state of an account before a run. Ages are in seconds.
package struct SyncMemory: Sendable, Equatable {
    /// What is remembered about a list.
    package struct List: Sendable, Equatable {
        /// The latest update that surely was seen, with all before it.
        package var watermark: Timestamp?
        /// Since all of it was read.
        package var listingAge: Double?
        /// The next run reads all of it, whatever its age.
        package var isListingWanted = false
        /// Readings in a row that Facebook did not send completely, or that lacked objects which may not be deleted.
        package var doubtfulReadings = 0
        /// Objects that came damaged: they are read again.
        package var damagedIDs: [String] = []
        /// Changes that Facebook made necessary, and how long ago.
        package var pageSize: Int?
        package var refusedFields: Set<String> = []
        package var adaptationAge: Double?
        /// How often in a row it could not be read, and how long ago that was the last time.
        package var failures = 0
        package var failureAge: Double?
        /// The days that the stored totals cover, the sums that they belong to, and how many readings in a row did not add
        /// up to these sums.
        package var range: DayRange?
        package var basis: String?
        package var attempts = 0
        /// Seconds since the stored totals were read, and whether rows or values of them came damaged.
        package var age: Double?
        package var isDamaged = false
        /// Whether something speaks for rows that are missing.
        package var isDoubtful = false

        package init() {}
    }

    /// What an earlier run has fetched of a list but not committed.
    package struct Staged: Sendable, Equatable {
        package var request: String
        package var basis: String?
        package var beganAt: Timestamp
        package var cursor: String?
        package var rows: Int
        package var total: Int?
        package var isComplete: Bool
        package var latestUpdate: Timestamp?
        /// Rows that cannot be used: the list is not complete without them.
        package var leftOut: Int
        /// Values that cannot be read.
        package var damaged: Int
        /// Since its last page.
        package var age: Double

        package init(
            request: String,
            basis: String?,
            beganAt: Timestamp,
            cursor: String? = nil,
            rows: Int = 0,
            total: Int? = nil,
            isComplete: Bool = false,
            latestUpdate: Timestamp? = nil,
            leftOut: Int = 0,
            damaged: Int = 0,
            age: Double = 0
        ) {
            self.request = request
            self.basis = basis
            self.beganAt = beganAt
            self.cursor = cursor
            self.rows = rows
            self.total = total
            self.isComplete = isComplete
            self.latestUpdate = latestUpdate
            self.leftOut = leftOut
            self.damaged = damaged
            self.age = age
        }

        package var isDamaged: Bool { leftOut + damaged > 0 }
    }

    /// So often an account, an object or a day that comes damaged is read with one sync after the other. Then it waits for
    /// its usual turn.
    package static let mostDamagedReadings = 4

    /// Seconds since Facebook returned name, currency and time zone; `nil` for never.
    package var accountAge: Double?
    /// Whether these came damaged and are read again.
    package var isAccountDamaged = false
    package var lists: [SyncList: List] = [:]
    package var staged: [SyncList: Staged] = [:]
    package var days: [Day: DayRecord] = [:]

    package init() {}
}

/// The known state of one day of an account.
package struct DayRecord: Sendable, Equatable {
    /// The account's figures when its ads were last read, in the form of `DayTotals.basis`.
    package var basis: String?
    /// Since then; `nil` for never.
    package var age: Double?
    /// Whether the ads added up to the account.
    package var isComplete: Bool
    /// Readings in a row that failed, or did not add up.
    package var attempts: Int
    /// Seconds since reading its ads last failed; `nil` if the last reading was complete.
    package var failureAge: Double?
    /// Whether rows came damaged when its ads were last read.
    package var isDamaged: Bool

    package init(
        basis: String? = nil,
        age: Double? = nil,
        isComplete: Bool = false,
        attempts: Int = 0,
        failureAge: Double? = nil,
        isDamaged: Bool = false
    ) {
        self.basis = basis
        self.age = age
        self.isComplete = isComplete
        self.attempts = attempts
        self.failureAge = failureAge
        self.isDamaged = isDamaged
    }
}
