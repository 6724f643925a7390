import ArgumentParser
import Model
import Program
import Store

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how fresh each ad account is, and the result of its last sync.",
        discussion:
            "FRESH shows whether the data is younger than SYNC_INTERVAL_SECONDS. DAYS is how many days of results "
            + "are held, out of those to be held. CALLS is the number of calls of the last sync."
            + examples([
                "admirror status": "A line for each ad account, then problems.",
                "admirror status --json": "With times, holds, warnings, and the age of each part.",
            ])
    )

    @Flag(help: "Print JSON.")
    var json = false

    private struct Line: Encodable {
        let id: String
        let facebookID: String
        let name: String
        let syncStatus: String
        let fresh: Bool
        let lastSyncedAt: String?
        let syncError: String?
        let hold: String?
        let campaigns: Int
        let adSets: Int
        let ads: Int
        let apiCalls: Int?
        /// Days of results to hold, and how many of them are held.
        let historyDays: Int
        let historyHeld: Int
        /// RFC 3339.
        let tokenExpiresAt: String?
        let tokenProblem: String?
        /// Levels that Facebook has not listed completely, in words.
        let listings: [String]
        /// Of the last run, and of history.
        let warnings: [String]
        let parts: [PartLine]
        let damagedObjects: Int
        /// Metrics that Facebook refuses: `conversion_value (ad)`.
        let unavailable: [String]

        /// `87/90`
        var days: String { "\(historyHeld)/\(historyDays)" }
    }

    /// A part of an account, with its age and gaps.
    private struct PartLine: Encodable {
        let part: String
        let syncedAt: String?
        let error: String?
        let from: String?
        let to: String?
        let missing: [String]

        init(_ name: String, _ part: SyncParts.Part, _ days: DayRange? = nil, missing: [String] = []) {
            self.part = name
            syncedAt = part.syncedAt
            error = part.error
            from = days?.since.description
            to = days?.until.description
            self.missing = missing
        }

        static func lines(_ parts: SyncParts) -> [PartLine] {
            let missingDays = parts.adDays.missing.map { missing in
                let (since, until) = (missing.days.since, missing.days.until)
                return "\(since == until ? "\(since)" : "\(since) to \(until)") \(missing.state.rawValue)"
            }
            let objects = Level.allCases.compactMap { level in
                parts.objects[level].map { PartLine(level.plural, $0) }
            }
            let totals = Level.allCases.compactMap { level in
                parts.totals[level].map {
                    PartLine("totals of \(level.plural)", $0.part, $0.days, missing: $0.missingCampaigns)
                }
            }
            return objects + totals + [
                PartLine("account days", parts.accountDays.part, parts.accountDays.days),
                PartLine("ad days", parts.adDays.part, parts.adDays.days, missing: missingDays),
            ]
        }
    }

    func run() throws {
        try Operator.run {
            let settings = try Operator.settings()
            let store = Operator.store(settings)
            let lines = try store.adAccounts().compactMap { row -> Line? in
                guard let status = try store.syncStatus(of: row.account.id, interval: settings.syncInterval) else {
                    return nil
                }
                let history = try store.historyProgress(of: row.account.id, usual: settings.insightsHistory)
                let isSyncing = status.state.unfinished?.isAlive ?? false
                let objects = { (level: Level) in status.freshness.first { $0.level == level }?.total ?? 0 }
                return Line(
                    id: row.account.id.rawValue,
                    facebookID: row.account.facebookID,
                    name: row.account.name,
                    syncStatus: isSyncing ? "syncing" : status.error == nil ? "idle" : "error",
                    fresh: status.state.isFresh(interval: settings.syncInterval),
                    lastSyncedAt: status.lastSyncedAt,
                    syncError: status.error,
                    hold: status.state.hold?.reason.rawValue,
                    campaigns: objects(.campaign),
                    adSets: objects(.adSet),
                    ads: objects(.ad),
                    apiCalls: status.run?.summary.apiCalls,
                    historyDays: history?.wanted ?? 0,
                    historyHeld: history?.held ?? 0,
                    tokenExpiresAt: status.token.expiresAt,
                    tokenProblem: status.token.problem,
                    listings: status.listings.compactMap(\.doubt),
                    warnings: (status.run?.summary.warnings ?? []) + (history?.warnings ?? []),
                    parts: PartLine.lines(status.parts),
                    damagedObjects: status.damagedObjects,
                    unavailable: status.unavailable.map { "\($0.metric) (\($0.level))" }
                )
            }
            guard !json else { return try Output.json(lines) }
            Output.table(
                ["ACCOUNT", "STATUS", "FRESH", "LAST SYNC", "CAMPAIGNS", "AD SETS", "ADS", "DAYS", "CALLS", "NAME"],
                lines.map {
                    [
                        $0.facebookID, $0.syncStatus, $0.fresh ? "yes" : "no",
                        $0.lastSyncedAt.map(Output.moment) ?? "never",
                        "\($0.campaigns)", "\($0.adSets)", "\($0.ads)",
                        $0.days,
                        $0.apiCalls.map(String.init) ?? "-", $0.name,
                    ]
                }
            )
            if let record = try store.graphVersions(app: settings.facebookAppID ?? "").first {
                let text = GraphVersionLine.text(record.accepted, record, configured: settings.facebookAPIVersion)
                print("Graph API: \(text)")
            }
            for line in lines {
                if let error = line.syncError { print("\(line.facebookID): \(Output.printable(error))") }
                if let problem = line.tokenProblem { print("\(line.facebookID): \(problem)") }
                for doubt in line.listings { print("\(line.facebookID): \(doubt)") }
                for part in line.parts where !part.missing.isEmpty {
                    print("\(line.facebookID): \(part.part) missing: \(part.missing.joined(separator: ", "))")
                }
                if line.damagedObjects > 0 {
                    print(
                        "\(line.facebookID): \(line.damagedObjects) objects have values that arrived damaged from Facebook"
                    )
                }
                for metric in line.unavailable { print("\(line.facebookID): not available from Facebook: \(metric)") }
                for warning in line.warnings { print("\(line.facebookID): warning: \(Output.printable(warning))") }
            }
        }
    }
}

extension ListingState {
    /// The doubts as a sentence; `nil` if there are none.
    var doubt: String? {
        if unconfirmed > 0 {
            return "a mass deletion awaits confirmation: Facebook no longer lists \(unconfirmed) \(level.plural)"
        }
        if unlisted > 0 {
            return "the \(level.plural) are not complete: Facebook counts \(unlisted) more than it listed"
        }
        return isComplete ? nil : "the \(level.plural) may not be complete"
    }
}
