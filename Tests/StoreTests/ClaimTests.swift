import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct ClaimTests {
    let sample: Sample
    let store: Store

    init() throws {
        sample = try Sample()
        store = sample.store
    }

    private func addAccounts(_ count: Int) throws -> [AdAccount.ID] {
        try (0..<count).map {
            try store.addAdAccount(facebookID: "9\($0)", name: "", token: StoredToken(bytes: [1], keyID: "key"))
        }
    }

    private func ask(_ account: AdAccount.ID, _ trigger: SyncRun.Trigger) throws {
        _ = try store.requestSync(of: account, trigger: trigger, isForced: false, interval: 600)
    }

    @Test("people's runs come before readers', readers' before cron's, and the oldest of a kind first")
    func order() throws {
        let accounts = try addAccounts(5)
        try ask(accounts[0], .cron)
        try ask(accounts[1], .read)
        try ask(accounts[2], .cli)
        try ask(accounts[3], .manual)
        try ask(accounts[4], .read)
        let order = try (0..<5).map { _ in try store.claimRun()?.account.id }
        #expect(order == [accounts[3], accounts[2], accounts[1], accounts[4], accounts[0]])
        #expect(try store.claimRun() == nil)
    }

    @Test("awaited runs come before due ones, due ones before first syncs, and bulk requests wait")
    func ranks() throws {
        let accounts = try addAccounts(6)
        let connection = sample.database.connect()
        // All but the first two were synced before, a while ago.
        for account in accounts.dropFirst(2) {
            try connection.execute(
                "UPDATE ad_accounts SET last_synced_at = now() - interval '1 hour' WHERE id = \(account)::uuid"
            )
        }
        try ask(accounts[0], .cron)
        _ = try store.requestSync(
            of: accounts[1],
            trigger: .cli,
            isForced: false,
            isAwaited: false,
            interval: 600
        )
        try ask(accounts[2], .cron)
        _ = try store.requestSync(
            of: accounts[3],
            trigger: .manual,
            isForced: false,
            isAwaited: false,
            interval: 600
        )
        try ask(accounts[4], .read)
        try ask(accounts[5], .manual)
        #expect(try store.claimRun(awaitedOnly: true)?.account.id == accounts[5])
        // A read makes one of the bulk requests awaited.
        try ask(accounts[3], .read)
        let awaited = try (0..<3).map { _ in try store.claimRun(awaitedOnly: true)?.account.id }
        #expect(awaited == [accounts[3], accounts[4], nil])
        // A first sync that has waited for long is as urgent as an awaited run.
        try connection.execute(
            "UPDATE sync_runs SET waits_since = now() - interval '11 minutes' WHERE ad_account_id = \(accounts[1])::uuid"
        )
        #expect(try store.claimRun(awaitedOnly: true)?.account.id == accounts[1])
        #expect(try [store.claimRun()?.account.id, store.claimRun()?.account.id] == [accounts[2], accounts[0]])
    }

    @Test("an account's run can be claimed, once")
    func byAccount() throws {
        let accounts = try addAccounts(2)
        try ask(accounts[0], .manual)
        try ask(accounts[1], .cron)
        #expect(try store.hasWaitingRuns())
        let run = try #require(try store.claimRun(of: accounts[1]))
        #expect(run.account.id == accounts[1])
        #expect(run.trigger == .cron)
        #expect(try store.claimRun(of: accounts[1]) == nil)
        #expect(try store.claimRun(of: sample.account) == nil)
        #expect(try store.claimRun()?.account.id == accounts[0])
        #expect(try !store.hasWaitingRuns())
        #expect(try store.syncStatus(of: accounts[1], interval: 600)?.recorded == "syncing")
    }

    @Test("each run goes to one of many simultaneous workers")
    func manyWorkers() throws {
        let accounts = try addAccounts(20)
        for account in accounts { try ask(account, .read) }
        let options = sample.database.options
        let claimed = try inThreads(8) { _ in
            let store = Store(options)
            var runs: [SyncRun.ID] = []
            while let run = try store.claimRun() { runs.append(run.id) }
            return runs
        }.flatMap(\.self)
        #expect(claimed.count == 20)
        #expect(Set(claimed.map(\.rawValue)).count == 20)
        #expect(try !store.hasWaitingRuns())
    }

    @Test("a host has a limited number of child slots, and a slot whose holder ends is free again")
    func slots() throws {
        let stores = (0..<4).map { _ in sample.database.store() }
        let first = try #require(try stores[0].acquireSlot(for: .sync, host: "one", of: 2))
        let second = try #require(try stores[1].acquireSlot(for: .sync, host: "one", of: 2))
        #expect(first != second)
        #expect(try stores[2].acquireSlot(for: .sync, host: "one", of: 2) == nil)
        #expect(try stores[2].acquireSlot(for: .sync, host: "two", of: 1) != nil)
        try stores[0].release(first)
        #expect(try stores[3].acquireSlot(for: .sync, host: "one", of: 2) == first)

        let process = try #require(
            try sample.database.connect().integer(
                "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid::bigint::int8 = (\(second.number)::int8 & 4294967295)"
            )
        )
        stores[1].close()
        try sample.database.waitForEnd(of: process)
        #expect(try stores[0].acquireSlot(for: .sync, host: "one", of: 2) == second)
    }

    @Test("progress is stored with the run, and the status returns it")
    func progress() throws {
        try ask(sample.account, .manual)
        let run = try #require(try store.claimRun())
        try store.note(SyncProgress(phase: .ads, done: 30, total: 60, percent: 58), RunSummary(), of: run.id)
        let status = try #require(try store.syncStatus(of: sample.account, interval: 600))
        #expect(status.run?.phase == "ads")
        #expect(status.run?.phaseDone == 30)
        #expect(status.run?.phaseTotal == 60)
        #expect(status.run?.percent == 58)
        #expect(status.state.unfinished?.isAlive == true)
    }

    @Test("a run that was asked to end is recorded as interrupted and causes no pause")
    func interrupted() throws {
        try ask(sample.account, .read)
        let run = try #require(try store.claimRun())
        var summary = RunSummary()
        summary.apiCalls = 5
        try store.interrupt(run, summary)
        try store.release(run)
        let status = try #require(try store.syncStatus(of: sample.account, interval: 600))
        #expect(status.recorded == "idle")
        #expect(status.run?.outcome == "interrupted")
        #expect(status.run?.summary.apiCalls == 5)
        #expect(status.state.hold == nil)
        #expect(status.state.unfinished == nil)
    }
}
