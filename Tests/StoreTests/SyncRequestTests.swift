import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct SyncRequestTests {
    let sample: Sample
    let store: Store

    init() throws {
        sample = try Sample()
        store = sample.store
    }

    private func request(_ trigger: SyncRun.Trigger = .read, force: Bool = false) throws -> SyncRequestOutcome? {
        try store.requestSync(of: sample.account, trigger: trigger, isForced: force, interval: 600)
    }

    private func age(_ seconds: Int) throws {
        try sample.database.connect().execute(
            "UPDATE ad_accounts SET last_synced_at = now() - make_interval(secs => \(seconds)::int)"
        )
    }

    private func hold(_ reason: String, until: String) throws {
        try sample.database.connect().execute(
            "UPDATE ad_accounts SET held_reason = \(reason), held_until = \(until)::timestamptz"
        )
    }

    @Test("of fifty simultaneous requests over ten connections one starts a run, and the others return it")
    func atOnce() throws {
        let options = sample.database.options
        let account = sample.account
        let outcomes = try inThreads(10) { _ in
            let store = Store(options)
            return try (0..<5).compactMap { _ in
                try store.requestSync(of: account, trigger: .read, isForced: false, interval: 600)
            }
        }.flatMap(\.self)
        #expect(outcomes.count == 50)
        let started = outcomes.compactMap { outcome -> SyncRun.ID? in
            if case .started(let run) = outcome { run } else { nil }
        }
        try #require(started.count == 1)
        #expect(outcomes.count { $0 == .running(started[0]) } == 49)
        #expect(try sample.database.connect().integer("SELECT count(*) FROM sync_runs") == 1)
    }

    @Test("a request for an unknown account changes nothing")
    func unknown() throws {
        let account = AdAccount.ID(rawValue: "00000000-0000-0000-0000-000000000000")
        #expect(try store.requestSync(of: account, trigger: .read, isForced: false, interval: 600) == nil)
    }

    @Test("fresh data starts no sync unless it is forced; stale data does")
    func fresh() throws {
        try age(599)
        #expect(try request() == .fresh)
        #expect(try request(.manual) == .fresh)
        #expect(try request(.cron) == .fresh)
        guard case .started? = try request(.manual, force: true) else {
            Issue.record("a forced request did not start a run")
            return
        }
    }

    @Test("data that is as old as the interval is stale")
    func stale() throws {
        try age(600)
        guard case .started? = try request() else {
            Issue.record("stale data did not start a sync")
            return
        }
    }

    @Test("Facebook's holds apply to everybody, even to forced syncs", arguments: SyncRun.Trigger.everyOne)
    func held(_ trigger: SyncRun.Trigger) throws {
        try hold("RATE_LIMITED", until: "now() + interval '1 hour'".evaluated(by: sample))
        guard case .held(let hold)? = try request(trigger, force: true) else {
            Issue.record("the rate limit did not hold")
            return
        }
        #expect(hold.reason == .rateLimited)
        #expect(hold.secondsLeft > 3500 && hold.secondsLeft <= 3600)
        try self.hold("TOKEN_EXPIRED", until: "infinity")
        #expect(try request(trigger, force: true) == .held(Hold(reason: .tokenExpired, secondsLeft: .infinity)))
        #expect(try sample.database.connect().integer("SELECT count(*) FROM sync_runs") == 0)
    }

    @Test("the pause after a failure applies to reads and cron, not to people", arguments: SyncRun.Trigger.everyOne)
    func retryLater(_ trigger: SyncRun.Trigger) throws {
        try hold("RETRY_LATER", until: "now() + interval '1 minute'".evaluated(by: sample))
        let isPerson = trigger == .manual || trigger == .cli
        switch try request(trigger) {
        case .started: #expect(isPerson)
        case .held(let hold): #expect(!isPerson && hold.reason == .retryLater)
        default: Issue.record("neither started nor held")
        }
    }

    @Test("an expired hold stops no sync")
    func holdOver() throws {
        try hold("RATE_LIMITED", until: "now() - interval '1 second'".evaluated(by: sample))
        guard case .started? = try request() else {
            Issue.record("not started")
            return
        }
    }

    @Test("a new token ends a hold for the token, but not a rate limit")
    func setToken() throws {
        let token = StoredToken(bytes: [1, 2, 3], keyID: "key")
        try hold("RATE_LIMITED", until: "now() + interval '1 hour'".evaluated(by: sample))
        try store.setToken(token, of: sample.account)
        guard case .held? = try request() else {
            Issue.record("the rate limit no longer holds")
            return
        }
        try hold("TOKEN_EXPIRED", until: "infinity")
        try store.setToken(token, of: sample.account)
        guard case .started? = try request() else {
            Issue.record("the hold for the token did not end")
            return
        }
    }

    @Test("the next request replaces a started run whose process is gone, at once")
    func replaced() throws {
        let worker = sample.database.store()
        guard case .started(let first)? = try request() else {
            Issue.record("not started")
            return
        }
        let claimed = try #require(try worker.claimRun(of: sample.account))
        #expect(claimed.id == first)
        #expect(try request(.manual, force: true) == .running(first))

        let connection = sample.database.connect()
        let process = try #require(try connection.integer("SELECT pid FROM pg_locks WHERE locktype = 'advisory'"))
        worker.close()
        try sample.database.waitForEnd(of: process)
        guard case .started(let second)? = try request() else {
            Issue.record("the dead run was not replaced")
            return
        }
        #expect(second != first)
        #expect(
            try connection.text("SELECT outcome FROM sync_runs WHERE id = \(first.rawValue)::uuid") == "interrupted"
        )
        #expect(try request() == .running(second))
        // A late report of the old process does not count.
        try store.fail(claimed, error: "too late", hold: nil, RunSummary())
        #expect(try connection.text("SELECT sync_error FROM ad_accounts") == nil)
    }

    @Test("a run without a process is restarted as the same run after ten seconds")
    func restarted() throws {
        guard case .started(let run)? = try request() else {
            Issue.record("not started")
            return
        }
        let connection = sample.database.connect()
        try connection.execute("UPDATE sync_runs SET requested_at = now() - interval '9 seconds'")
        #expect(try request(.manual) == .running(run))
        try connection.execute("UPDATE sync_runs SET requested_at = now() - interval '11 seconds'")
        #expect(try request(.manual) == .started(run))
        #expect(try request() == .running(run))
        #expect(try connection.text("SELECT trigger FROM sync_runs") == "manual")
    }

    @Test("after an abandoned run the next one can start")
    func abandoned() throws {
        guard case .started(let run)? = try request() else {
            Issue.record("not started")
            return
        }
        try store.abandon(run, because: "no process")
        let connection = sample.database.connect()
        #expect(try connection.text("SELECT outcome || ': ' || error FROM sync_runs") == "failed: no process")
        guard case .started(let next)? = try request() else {
            Issue.record("not started again")
            return
        }
        #expect(next != run)
    }

    @Test("each failure in a row doubles the pause, from a minute to an hour; a success ends the pause")
    func pauses() throws {
        let connection = sample.database.connect()
        let worker = sample.database.store()
        for expected in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            _ = try request(.manual, force: true)
            let run = try #require(try worker.claimRun())
            try worker.fail(run, error: "no luck", hold: nil, RunSummary())
            try worker.release(run)
            let pause = try connection.integer(
                "SELECT round(extract(epoch FROM held_until - (SELECT max(finished_at) FROM sync_runs)))::int FROM ad_accounts"
            )
            #expect(pause == expected)
        }
        #expect(try connection.text("SELECT sync_status || ': ' || sync_error FROM ad_accounts") == "error: no luck")
        #expect(try sample.sync() == .done)
        #expect(
            try connection.text(
                "SELECT concat(sync_status, sync_error, held_until, held_reason, failures) FROM ad_accounts"
            )
                == "idle0"
        )
    }
}

extension SyncRun.Trigger {
    static let everyOne: [SyncRun.Trigger] = [.read, .cron, .manual, .cli]
}

extension String {
    /// The value of a piece of SQL, as text.
    fileprivate func evaluated(by sample: Sample) throws -> String {
        try sample.database.connect().text("SELECT (\(raw: self))::text") ?? ""
    }
}
