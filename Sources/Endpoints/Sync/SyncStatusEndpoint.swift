internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    /// GET /api/sync/status
    func syncStatus(_ request: HTTPRequest) throws -> HTTPResponse {
        let account = try admitToAccount(request, of: .syncStatus)
        guard let status = try store.syncStatus(of: account.id, interval: environment.syncInterval) else {
            throw RequestError.adAccountNotFound
        }
        let history = try store.historyProgress(of: account.id, usual: environment.historyDays)
        let creatives = try store.creativeFigures(of: account.id)
        return json(200, SyncStatusAnswer(account, status, history, creatives, interval: environment.syncInterval))
    }
}

private struct SyncStatusAnswer: Encodable {
    struct Progress: Encodable {
        let phase: String
        let done: Int
        let total: Int
        let percent: Int
    }

    struct History: Encodable {
        let days: Int
        let from: String
        let held: Int
        let warnings: [String]
    }

    struct Token: Encodable {
        let expiresAt: String?
        let missingPermissions: [String]
        let problem: String?
    }

    struct Unavailable: Encodable {
        let metric: String
        let level: String
        let since: String?
        let reason: String
    }

    struct Freshness: Encodable {
        let total: Int
        let fresh: Int
        let neverSynced: Int

        init(_ freshness: SyncStatus.Freshness) {
            total = freshness.total
            fresh = freshness.fresh
            neverSynced = freshness.neverSynced
        }
    }

    struct Listing: Encodable {
        let complete: Bool
        let unlisted: Int
        let deletionsToConfirm: Int
    }

    struct Creatives: Encodable {
        let total: Int
        let read: Int
        let withPicture: Int
        let failed: Int
        let error: String?
        let nextTryAt: String?
        let bytes: Int

        init(_ figures: CreativeFigures) {
            total = figures.total
            read = figures.read
            withPicture = figures.withPicture
            failed = figures.failed
            error = figures.error
            nextTryAt = figures.nextTryAt
            bytes = figures.size
        }
    }

    let adAccountId: String
    let syncStatus: String
    let lastSyncedAt: String?
    let syncError: String?
    let fresh: Bool
    let nextSyncAt: String?
    let hold: String?
    let progress: Progress?
    let history: OmittedIfNil<History>
    let token: Token
    let unavailable: [Unavailable]
    let damagedObjects: Int
    let run: RunAnswer?
    let freshness: NamedMembers
    let listings: NamedMembers
    let parts: NamedMembers
    let creatives: Creatives

    init(
        _ account: AdmittedAccount,
        _ status: SyncStatus,
        _ history: HistoryProgress?,
        _ creatives: CreativeFigures,
        interval: Int
    ) {
        // A run whose process is gone is not "syncing", even if the account's row says so.
        let isSyncing = status.state.unfinished?.isAlive ?? false
        adAccountId = account.id.rawValue
        syncStatus = isSyncing ? "syncing" : status.error == nil ? "idle" : "error"
        lastSyncedAt = status.lastSyncedAt
        syncError = status.error
        fresh = status.state.isFresh(interval: interval)
        nextSyncAt = status.nextSyncAt
        hold = status.state.hold?.reason.rawValue
        progress = isSyncing ? status.run.map(Self.progress) : nil
        self.history = OmittedIfNil(history.map(Self.history))
        token = Token(
            expiresAt: status.token.expiresAt,
            missingPermissions: status.token.missingPermissions,
            problem: status.token.problem
        )
        unavailable = status.unavailable.map {
            Unavailable(
                metric: $0.metric,
                level: $0.level,
                since: $0.since,
                reason: "Facebook refuses the field \($0.field)."
            )
        }
        damagedObjects = status.damagedObjects
        run = status.run.map(RunAnswer.init)
        freshness = NamedMembers(members: status.freshness.map { ($0.level.objectsMember, Freshness($0)) })
        listings = NamedMembers(members: status.listings.map { ($0.level.objectsMember, Self.listing($0)) })
        parts = SyncPartsAnswer.members(of: status.parts)
        self.creatives = Creatives(creatives)
    }

    private static func progress(of run: SyncStatus.Run) -> Progress {
        Progress(phase: run.phase ?? "waiting", done: run.phaseDone, total: run.phaseTotal, percent: run.percent)
    }

    private static func history(_ history: HistoryProgress) -> History {
        History(
            days: history.wanted,
            from: history.since.description,
            held: history.held,
            warnings: history.warnings
        )
    }

    private static func listing(_ listing: ListingState) -> Listing {
        Listing(
            complete: listing.isComplete,
            unlisted: listing.unlisted,
            deletionsToConfirm: listing.unconfirmed
        )
    }
}
