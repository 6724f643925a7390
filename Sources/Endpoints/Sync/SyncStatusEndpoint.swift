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
        let isSyncing = status.state.unfinished?.isAlive ?? false
        return json(200) { object in
            object.member("adAccountId", account.id.rawValue)
            object.member("syncStatus", Self.word(status, isSyncing: isSyncing))
            object.member("lastSyncedAt", status.lastSyncedAt)
            object.member("syncError", status.error)
            object.member("fresh", status.state.isFresh(interval: environment.syncInterval))
            object.member("nextSyncAt", status.nextSyncAt)
            object.member("hold", status.state.hold?.reason.rawValue)
            object.name("progress")
            if isSyncing, let run = status.run {
                object.object { Self.writeProgress(run, to: &$0) }
            } else {
                object.null()
            }
            if let history {
                object.member("history") { object in
                    object.member("days", history.wanted)
                    object.member("from", history.since.description)
                    object.member("held", history.held)
                    object.list("warnings") { list in
                        for warning in history.warnings { list.value(warning) }
                    }
                }
            }
            object.member("token") { object in
                object.member("expiresAt", status.token.expiresAt)
                object.list("missingPermissions") { list in
                    for name in status.token.missingPermissions { list.value(name) }
                }
                object.member("problem", status.token.problem)
            }
            object.list("unavailable") { list in
                for field in status.unavailable {
                    list.object { object in
                        object.member("metric", field.metric)
                        object.member("level", field.level)
                        object.member("since", field.since)
                        object.member("reason", "Facebook refuses the field \(field.field).")
                    }
                }
            }
            object.member("damagedObjects", status.damagedObjects)
            object.name("run")
            if let run = status.run {
                object.object { Self.writeRun(run, to: &$0) }
            } else {
                object.null()
            }
            object.member("freshness") {
                Self.write("campaigns", status.campaigns, to: &$0)
                Self.write("adSets", status.adSets, to: &$0)
                Self.write("ads", status.ads, to: &$0)
            }
            object.member("listings") {
                for listing in status.listings { Self.write(listing, to: &$0) }
            }
            object.member("parts") { Self.write(status.parts, to: &$0) }
        }
    }

    /// A run whose process is gone is not "syncing", even if the account's row says so.
    private static func word(_ status: SyncStatus, isSyncing: Bool) -> String {
        if isSyncing { return "syncing" }
        return status.error == nil ? "idle" : "error"
    }

    private static func writeProgress(_ run: SyncStatus.Run, to object: inout JSONWriter) {
        object.member("phase", run.phase ?? "waiting")
        object.member("done", run.phaseDone)
        object.member("total", run.phaseTotal)
        object.member("percent", run.percent)
    }

    private static func write(_ listing: ListingState, to object: inout JSONWriter) {
        let name: StaticString =
            switch listing.level {
            case .campaign: "campaigns"
            case .adSet: "adSets"
            case .ad: "ads"
            }
        object.member(name) {
            $0.member("complete", listing.isComplete)
            $0.member("unlisted", listing.unlisted)
            $0.member("deletionsToConfirm", listing.unconfirmed)
        }
    }

    private static func write(_ name: StaticString, _ freshness: SyncStatus.Freshness, to object: inout JSONWriter) {
        object.member(name) {
            $0.member("total", freshness.total)
            $0.member("fresh", freshness.fresh)
            $0.member("neverSynced", freshness.neverSynced)
        }
    }
}
