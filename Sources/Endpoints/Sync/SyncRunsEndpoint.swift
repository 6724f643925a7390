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

/// A sync run, in `GET /api/sync/runs` and `GET /api/sync/status`.
struct RunAnswer: Encodable {
    struct DamagedValues: Encodable {
        let repaired: Int
        let unknown: Int
        let leftOut: Int
    }

    let id: String
    let trigger: String
    let requestedAt: String?
    let startedAt: String?
    let finishedAt: String?
    let outcome: String?
    let error: String?
    let campaigns: Int
    let adSets: Int
    let ads: Int
    let insights: Int
    let apiCalls: Int
    let rowsChanged: Int
    let rowsGone: Int
    let retries: Int
    let waits: Int
    let damagedValues: DamagedValues
    let warnings: [String]

    init(_ run: SyncStatus.Run) {
        id = run.id
        trigger = run.trigger
        requestedAt = run.requestedAt
        startedAt = run.startedAt
        finishedAt = run.finishedAt
        outcome = run.outcome
        error = run.error
        campaigns = run.campaigns
        adSets = run.adSets
        ads = run.ads
        insights = run.insights
        apiCalls = run.apiCalls
        rowsChanged = run.rowsChanged
        rowsGone = run.rowsGone
        retries = run.retries
        waits = run.waits
        damagedValues = DamagedValues(
            repaired: run.defects.repaired,
            unknown: run.defects.unknown,
            leftOut: run.defects.leftOut
        )
        warnings = run.warnings
    }
}
