internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    /// Number of runs without `limit`, and the maximum.
    static let runLimits = (usual: 50, all: 1...500)

    /// GET /api/sync/runs: what the last syncs of an account did.
    func listSyncRuns(_ request: HTTPRequest) throws -> HTTPResponse {
        let account = try admitToAccount(request, of: .syncRuns)
        let limit = try Parameters(request, of: .syncRuns).number("limit", in: Self.runLimits.all)
        let runs = try store.syncRuns(of: account.id, limit: limit ?? Self.runLimits.usual)
        return json(200) { object in
            object.list("runs") { list in
                for run in runs { list.object { Self.writeRun(run, to: &$0) } }
            }
        }
    }

    static func writeRun(_ run: SyncStatus.Run, to object: inout JSONWriter) {
        object.member("id", run.id)
        object.member("trigger", run.trigger)
        object.member("requestedAt", run.requestedAt)
        object.member("startedAt", run.startedAt)
        object.member("finishedAt", run.finishedAt)
        object.member("outcome", run.outcome)
        object.member("error", run.error)
        object.member("campaigns", run.campaigns)
        object.member("adSets", run.adSets)
        object.member("ads", run.ads)
        object.member("insights", run.insights)
        object.member("apiCalls", run.apiCalls)
        object.member("rowsChanged", run.rowsChanged)
        object.member("rowsGone", run.rowsGone)
        object.member("retries", run.retries)
        object.member("waits", run.waits)
        object.member("damagedValues") { object in
            object.member("repaired", run.defects.repaired)
            object.member("unknown", run.defects.unknown)
            object.member("leftOut", run.defects.leftOut)
        }
        object.list("warnings") { list in
            for warning in run.warnings { list.value(warning) }
        }
    }
}
