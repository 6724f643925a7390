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
        return json(200, ["runs": runs.map(RunAnswer.init)])
    }
}

/// A sync run, in `GET /api/sync/runs` and `GET /api/sync/status`. `RunCounter` declares its counters.
struct RunAnswer: Encodable {
    private let members: NamedMembers

    init(_ run: SyncStatus.Run) {
        let counts = { (counters: [RunCounter]) in
            counters.map { (name: $0.name, value: run.summary[$0] as any Encodable) }
        }
        let facts: [(name: String, value: any Encodable)] = [
            ("id", run.id), ("trigger", run.trigger), ("requestedAt", run.requestedAt), ("startedAt", run.startedAt),
            ("finishedAt", run.finishedAt), ("outcome", run.outcome), ("error", run.error),
        ]
        members = NamedMembers(
            members: facts + counts(RunCounter.all) + [
                ("damagedValues", NamedMembers(members: counts(RunCounter.defects))),
                ("warnings", run.summary.warnings),
            ]
        )
    }

    func encode(to encoder: any Encoder) throws { try members.encode(to: encoder) }
}
