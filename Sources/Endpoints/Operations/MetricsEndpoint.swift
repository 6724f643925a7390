internal import HTTPMessages
internal import Model
internal import Store

/// The program's knowledge of its host.
package struct HostFigures: Sendable {
    /// Responder processes.
    package var responders: Int
    /// The number of nginx's latest responses by cache status; `nil` if its log cannot be read.
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
            try writePictures(to: &text)
            try writeFacebook(to: &text)
            text.write(.cronAge, try store.secondsSince(.cron))
            text.write(.cronRefused, Double(try store.timesDone(.cronRefused)))
        } catch  where error is Schema.Mismatch || (error as? any StoreError)?.isUnavailable == true {
            environment.log("metrics lack the database's part: \(error)")
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

    /// Whether the request comes from this host. Requests through a proxy do not count, because anyone can send them;
    /// nor do requests to another host name, because a web page in a local browser could have sent them.
    private static func isFromHere(_ request: HTTPRequest) -> Bool {
        let host = request.headers["Host"] ?? ""
        return ["127.0.0.1", "::1"].contains(request.clientAddress)
            && ["127.0.0.1", "[::1]", "localhost"].contains { host == $0 || host.hasPrefix("\($0):") }
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
        let abandoned = try unfinished.count { try store.isAbandoned($0) }
        let running = unfinished.count { $0.isAlive && $0.hasStarted }
        text.write(
            .syncUnfinished,
            [
                MetricsText.Sample(unfinished.count - running - abandoned, ["state": "waiting"]),
                MetricsText.Sample(running, ["state": "running"]),
                MetricsText.Sample(abandoned, ["state": "abandoned"]),
            ]
        )
        let accounts = try store.adAccounts()
        text.write(.accountsFailed, Double(accounts.count { $0.syncError != nil }))
        text.write(.tokensMissing, Double(accounts.count { !$0.hasToken }))
        text.write(.tokenProblems, Double(accounts.count { $0.tokenState.problem != nil }))
        text.write(.tokenEnd, accounts.compactMap(\.tokenState.secondsLeft).min())
    }

    private func writeSyncs(to text: inout MetricsText) throws {
        let totals = try store.syncTotals()
        // Includes outcomes that have not occurred yet: if a counter starts with its first event, that increase is
        // invisible.
        var runs: [MetricsText.Sample] = []
        var seconds: [MetricsText.Sample] = []
        for trigger in SyncRun.Trigger.allCases.map(\.rawValue) {
            for outcome in SyncRun.Outcome.allCases.map(\.rawValue) {
                let total = totals.first { $0.trigger == trigger && $0.outcome == outcome }
                runs.append(MetricsText.Sample(total?.runs ?? 0, ["trigger": trigger, "outcome": outcome]))
                seconds.append(MetricsText.Sample(total?.seconds ?? 0, ["trigger": trigger, "outcome": outcome]))
            }
        }
        text.write(.syncRuns, runs)
        text.write(.syncDuration, sums: seconds, counts: runs)
        text.write(.apiCalls, Double(totals.sum(of: \.summary.apiCalls)))
        text.write(.retries, Double(totals.sum(of: \.summary.retries)))
        text.write(.waits, Double(totals.sum(of: \.summary.waits)))
        text.write(.waitSeconds, totals.sum(of: \.summary.waitSeconds))
        text.write(.rowsChanged, Double(totals.sum(of: \.summary.rowsChanged)))
        text.write(
            .damagedValues,
            Defect.Kind.allCases.map { kind in
                MetricsText.Sample(totals.sum { $0.summary.defects[kind] }, ["kind": kind.rawValue])
            }
        )
    }

    private func writePictures(to text: inout MetricsText) throws {
        let figures = try store.pictureFigures()
        text.write(
            .creatives,
            [
                MetricsText.Sample(figures.unread, ["state": "unread"]),
                MetricsText.Sample(figures.waiting, ["state": "without_picture"]),
                MetricsText.Sample(figures.failed, ["state": "failed"]),
                MetricsText.Sample(figures.done, ["state": "done"]),
            ]
        )
        text.write(.picturesSize, Double(figures.size))
    }

    private func writeFacebook(to text: inout MetricsText) throws {
        let quotas = try store.quotaUse()
        text.write(.quotaUsed, quotas.map { MetricsText.Sample($0.percent / 100, ["quota": $0.quota]) })
        text.write(.quotasHeld, Double(quotas.sum(of: \.holds)))
        let versions = try store.graphVersions()
        text.write(
            .graphVersion,
            versions.map { MetricsText.Sample(1, ["version": $0.accepted, "configured": $0.configured]) }
        )
        text.write(.graphVersionEnd, versions.compactMap(\.secondsLeft).min())
    }
}

extension Sequence {
    fileprivate func sum<Value: AdditiveArithmetic>(of value: (Element) -> Value) -> Value {
        reduce(.zero) { $0 + value($1) }
    }
}
