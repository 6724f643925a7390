/// What a run has read, changed and cost so far.
package struct RunSummary: Sendable, Equatable {
    /// Rows that Facebook sent.
    package var campaigns = 0
    package var adSets = 0
    package var ads = 0
    package var insights = 0
    /// Objects that are new or changed, and those that now count as deleted.
    package var rowsChanged = 0
    package var rowsGone = 0
    package var apiCalls = 0
    package var retries = 0
    /// Calls made later than they could have been, to stay clear of a limit, and by how many seconds in all.
    package var waits = 0
    package var waitSeconds = 0.0
    /// Values that could not be taken as Facebook sent them.
    package var defects = DefectCounts()
    /// What administrators should know.
    package var warnings: [String] = []
    package var apiVersion: String?
    package var phases: [Phase] = []

    /// A list that was read, or another step.
    package struct Phase: Sendable, Equatable {
        package var name: String
        /// Seconds since 1970.
        package var startedAt: Double
        package var finishedAt: Double?
        package var rows = 0

        package init(name: String, startedAt: Double) {
            self.name = name
            self.startedAt = startedAt
        }
    }

    /// So many defects are named in warnings; the others are counted.
    package static let namedDefects = 10

    /// The warnings as they are stored, with the number of defects that have none of their own.
    package var storedWarnings: [String] {
        let rest = defects.all - Self.namedDefects
        return rest > 0 ? warnings + ["\(rest) more values from Facebook were unusable"] : warnings
    }

    package var rowsSeen: Int { campaigns + adSets + ads + insights }

    package init() {}

    /// The objects of a level that Facebook sent.
    package subscript(level: Level) -> Int {
        get {
            switch level {
            case .campaign: campaigns
            case .adSet: adSets
            case .ad: ads
            }
        }
        set {
            switch level {
            case .campaign: campaigns = newValue
            case .adSet: adSets = newValue
            case .ad: ads = newValue
            }
        }
    }
}
