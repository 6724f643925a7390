internal import HTTPMessages
internal import Model
internal import Postgres
internal import Store

/// What the program knows of the host that it runs on.
package struct HostFigures: Sendable {
    /// Responder processes.
    package var responders: Int
    /// Of nginx's latest answers, how many had which cache status; `nil` when its log cannot be read.
    package var cacheStatuses: [String: Int]?

    package init(responders: Int, cacheStatuses: [String: Int]?) {
        self.responders = responders
        self.cacheStatuses = cacheStatuses
    }
}

extension Endpoints {
    /// GET /metrics: for this host without more ado, for all others with an access token, since it names no account. A
    /// database that is away is what one wants to hear of here, and no error.
    func showMetrics(_ request: HTTPRequest) throws -> HTTPResponse {
        if !Self.isFromHere(request) { _ = try admit(request) }
        var text = MetricsText()
        let host = environment.hostFigures()
        do {
            try store.checkReadiness()
            text.write(.databaseUp, 1)
            try writeDatabase(to: &text)
            Self.write(host, to: &text)
            try writeAccounts(to: &text)
            try writeSyncs(to: &text)
            try writeFacebook(to: &text)
            text.write(.cronAge, try store.secondsSince(.cron))
        } catch  where error is Schema.Mismatch || (error as? PostgresError)?.isUnavailable == true {
            environment.log("metrics without a database: \(error)")
            text = MetricsText()
            text.write(.databaseUp, 0)
            Self.write(host, to: &text)
        }
        return HTTPResponse(
            status: 200,
            headers: ["Content-Type": MetricsText.contentType, "Cache-Control": "no-store"],
            body: Array(text.text.utf8)
        )
    }

    /// Whether it comes from this host, and not by way of a proxy on it, behind which there may be anybody.
    private static func isFromHere(_ request: HTTPRequest) -> Bool {
        ["127.0.0.1", "::1"].contains(request.clientAddress)
            && ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"].allSatisfy { request.headers[$0] == nil }
    }

    private static func write(_ host: HostFigures, to text: inout MetricsText) {
        text.write(.responders, Double(host.responders))
        guard let statuses = host.cacheStatuses else { return }
        text.write(
            .cacheAnswers,
            statuses.sorted { $0.key < $1.key }.map { MetricsText.Sample($0.value, ["cache": $0.key]) }
        )
    }

    private func writeDatabase(to text: inout MetricsText) throws {
        let database = try store.databaseFigures()
        text.write(.databaseSize, Double(database.size))
        text.write(.databaseConnections, Double(database.connections))
    }

    private func writeAccounts(to text: inout MetricsText) throws {
        let states = try store.syncStates().map(\.state)
        let ages = states.compactMap(\.age)
        let fresh = states.count { $0.isFresh(interval: environment.syncInterval) }
        text.write(
            .accounts,
            [
                MetricsText.Sample(fresh, ["state": "fresh"]),
                MetricsText.Sample(ages.count - fresh, ["state": "stale"]),
                MetricsText.Sample(states.count - ages.count, ["state": "never_synced"]),
            ]
        )
        text.write(.oldestData, ages.max())
        text.write(
            .accountsHeld,
            Hold.Reason.allCases.map { reason in
                MetricsText.Sample(
                    states.count { $0.hold?.reason == reason },
                    ["reason": reason.rawValue.lowercased()]
                )
            }
        )
        let unfinished = states.compactMap(\.unfinished)
        text.write(
            .syncUnfinished,
            [
                MetricsText.Sample(unfinished.count { $0.isAlive && !$0.hasStarted }, ["state": "waiting"]),
                MetricsText.Sample(unfinished.count { $0.isAlive && $0.hasStarted }, ["state": "running"]),
                MetricsText.Sample(unfinished.count { !$0.isAlive }, ["state": "abandoned"]),
            ]
        )
        let accounts = try store.accountFigures()
        text.write(.accountsFailed, Double(accounts.failed))
        text.write(.tokensMissing, Double(accounts.withoutToken))
        text.write(.tokenProblems, Double(accounts.withTokenProblem))
        text.write(.tokenEnd, accounts.secondsToTokenEnd)
    }

    private func writeSyncs(to text: inout MetricsText) throws {
        let totals = try store.syncTotals()
        let runs = totals.map { MetricsText.Sample($0.runs, ["trigger": $0.trigger, "outcome": $0.outcome]) }
        let seconds = totals.map { MetricsText.Sample($0.seconds, ["trigger": $0.trigger, "outcome": $0.outcome]) }
        text.write(.syncRuns, runs)
        text.write(.syncDuration, sums: seconds, counts: runs)
        text.write(.apiCalls, Double(totals.sum(of: \.apiCalls)))
        text.write(.retries, Double(totals.sum(of: \.retries)))
        text.write(.waits, Double(totals.sum(of: \.waits)))
        text.write(.waitSeconds, totals.sum(of: \.waitSeconds))
        text.write(.rowsChanged, Double(totals.sum(of: \.rowsChanged)))
    }

    private func writeFacebook(to text: inout MetricsText) throws {
        let quotas = try store.quotaUse()
        text.write(.quotaUsed, quotas.map { MetricsText.Sample($0.percent / 100, ["quota": $0.quota]) })
        text.write(.quotasHeld, Double(quotas.sum(of: \.holds)))
    }
}

extension Sequence {
    fileprivate func sum<Value: AdditiveArithmetic>(of value: (Element) -> Value) -> Value {
        reduce(.zero) { $0 + value($1) }
    }
}
