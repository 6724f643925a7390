import Foundation
import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// Facebook's limits, shared by runs, accounts and processes.
@Suite struct LimitTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
    }

    private func control() throws -> [String: Any] {
        let response = sample.simulator.respond(to: HTTPRequest(path: "/_control"))
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
    }

    private func hold() throws -> Hold? {
        try sample.store.syncStatus(of: sample.account, interval: 600)?.state.hold
    }

    @Test("the development tier completes a first sync over several runs, without a call during a block")
    func developmentTier() throws {
        sample.simulator.pageSizeCap = 2
        sample.simulator.insightsPageSizeCap = 30
        sample.order(#"{"fault":"quota","tier":"development","score":20,"window":300,"block":300}"#)
        sample.settings.historyDays = 30
        var outcomes: [SyncRun.Outcome] = []
        while outcomes.last != .done, outcomes.count < 40 {
            guard let outcome = try sample.sync(isForced: false) else { break }
            outcomes.append(outcome)
            if outcome == .failed {
                let hold = try #require(try hold())
                #expect(hold.reason == .rateLimited)
                // Nobody starts a run during the block.
                #expect(try sample.sync() == nil)
                try sample.pass(hold.secondsLeft + 1)
            }
        }
        #expect(outcomes.last == .done)
        #expect(outcomes.count > 1)
        #expect(try control()["whileBlocked"] as? Int == 0)
        #expect(try sample.ids("creatives").count == 60)
        let kept = try sample.database.connect().integer(
            "SELECT max(calls) FROM (SELECT sum(api_calls) AS calls FROM sync_runs) x"
        )
        // 3 + 10 + 30 pages of objects, some of totals and days: a page that was read is not read again.
        #expect(kept ?? 0 < 120)
    }

    @Test("near a limit calls are spaced, and the run reports it")
    func slowedDown() throws {
        let simulator = sample.simulator
        var times: [Double] = []
        let outcome = try sample.sync(client: { [sample] in
            sample.client(send: { request in
                times.append(sample.clock.now)
                var response = simulator.respond(to: request)
                response.headers["x-ad-account-usage"] = #"{"acc_id_util_pct":90}"#
                return response
            })
        })
        #expect(outcome == .done)
        let run = try #require(try sample.store.syncStatus(of: sample.account, interval: 600)?.run)
        #expect(run.summary.waits > 3)
        // The first calls are sent before the first response arrives.
        let gaps = zip(times.dropFirst(7), times.dropFirst(6)).map { $0 - $1 }
        #expect(gaps.allSatisfy { $0 > 2 && $0 < 5 }, "\(gaps)")
    }

    @Test("a full quota is noticed before the block: the run ends before Facebook refuses anything")
    func stopsAhead() throws {
        let simulator = sample.simulator
        var calls = 0
        let outcome = try sample.sync(client: { [sample] in
            sample.client(send: { request in
                calls += 1
                var response = simulator.respond(to: request)
                if calls >= 3 { response.headers["x-app-usage"] = #"{"call_count":99,"total_time":3}"# }
                return response
            })
        })
        #expect(outcome == .failed)
        #expect(try hold()?.reason == .rateLimited)
        #expect(calls <= 7)
        let error = try sample.store.syncStatus(of: sample.account, interval: 600)?.error
        #expect(error?.contains("all calls of the app") == true)
    }

    @Test("an app-wide hold stops the app's other accounts and only those; an account's hold stops no other")
    func scopes() throws {
        sample.settings.app = "1234567890123456"
        #expect(try sample.sync() == .done)
        let other = try sample.store.addAdAccount(
            facebookID: "42",
            name: "Other",
            token: StoredToken(bytes: [1], keyID: "key")
        )
        let foreign = try sample.store.addAdAccount(
            facebookID: "43",
            name: "Of another app",
            token: StoredToken(bytes: [1], keyID: "key")
        )
        try sample.store.noteApp("1234567890123456", of: other)
        try sample.store.noteApp("999", of: foreign)
        let request = { (account: AdAccount.ID) in
            try sample.store.requestSync(of: account, trigger: .cron, isForced: false, interval: 600)
        }
        for (code, stopsOther) in [(17, false), (80_004, false), (4, true)] {
            sample.order(#"{"fault":"error","status":400,"code":\#(code),"message":"limit","minutes":6}"#)
            #expect(try sample.sync() == .failed)
            sample.calm()
            #expect(try hold()?.reason == .rateLimited, "\(code)")
            let outcome = try #require(try request(other))
            if stopsOther {
                guard case .held(let hold) = outcome else {
                    Issue.record("code \(code): \(outcome)")
                    return
                }
                #expect(hold.reason == .rateLimited && hold.secondsLeft > 300)
                let status = try #require(try sample.store.syncStatus(of: other, interval: 600))
                #expect(status.nextSyncAt != nil)
            } else {
                #expect(outcome != .fresh)
                if case .held = outcome { Issue.record("code \(code) held another account off") }
            }
            if case .held = try request(foreign) { Issue.record("code \(code) held an account of another app off") }
            try sample.database.connect().execute("DELETE FROM sync_runs WHERE finished_at IS NULL")
            try sample.pass(7000, movesClock: true)
        }
    }

    @Test("a waiting run learns of a hold that another process met, and keeps waiting")
    func sharedHold() throws {
        #expect(try sample.sync() == .done)
        try sample.pass(600, movesClock: false)
        _ = try sample.store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
        try sample.store.note(
            [QuotaRecord(quota: "app", isAppWide: true, percent: 100, age: 0, secondsHeld: 200)],
            app: "",
            account: sample.facebookID
        )
        sample.forgetCalls()
        // It keeps waiting, and does not count as a failure.
        #expect(try sample.store.claimRun(of: sample.account) == nil)
        #expect(try hold()?.reason == .rateLimited)
        #expect(try sample.store.syncStatus(of: sample.account, interval: 600)?.error == nil)
        try sample.pass(201)
        let run = try #require(try sample.store.claimRun(of: sample.account))
        #expect(sample.engine().perform(run) == .done)
    }

    @Test("a hold that another process meets stops a running run before its next call")
    func learnsAtOnce() throws {
        sample.simulator.pageSizeCap = 2
        let (simulator, other) = (sample.simulator, sample.database.store())
        var calls = 0
        let outcome = try sample.sync(client: { [sample] in
            sample.client(send: { request in
                calls += 1
                if calls == 5 {
                    try other.note(
                        [QuotaRecord(quota: "app", isAppWide: true, percent: 100, age: 0, secondsHeld: 200)],
                        app: "",
                        account: "another"
                    )
                }
                return simulator.respond(to: request)
            })
        })
        #expect(outcome == .failed)
        // Of the 45 pages only those that were already pending.
        #expect(calls < 10)
        let hold = try #require(try hold())
        #expect(hold.reason == .rateLimited && hold.secondsLeft > 190)
    }

    @Test("other processes learn of a hold before the run that met it makes its next call")
    func tellsAtOnce() throws {
        sample.simulator.pageSizeCap = 2
        sample.order(#"{"fault":"error","status":400,"code":80000,"message":"limit","path":"/insights","minutes":5}"#)
        let (simulator, other, account) = (sample.simulator, sample.database.store(), sample.facebookID)
        var isRefused = false
        var later: [Bool] = []
        let outcome = try sample.sync(client: { [sample] in
            sample.client(send: { request in
                if isRefused {
                    later.append(try other.quotas(app: "", account: account).contains { $0.secondsHeld ?? 0 > 290 })
                }
                let response = simulator.respond(to: request)
                if response.status == 400 { isRefused = true }
                return response
            })
        })
        #expect(outcome == .failed)
        // Calls pending at the limit are still answered.
        #expect(!later.isEmpty)
        #expect(!later.contains(false))
    }

    @Test("the learned quotas are stored and outlive the process")
    func persisted() throws {
        sample.order(#"{"fault":"quota","tier":"development","score":1000,"window":300,"block":300}"#)
        #expect(try sample.sync() == .done)
        let known = try sample.store.quotas(app: "", account: sample.facebookID)
        #expect(Set(known.map(\.quota)).isSuperset(of: ["app", "account", "ads_management", "ads_insights"]))
        #expect(known.first { $0.quota == "account" }?.percent ?? 0 > 0)
        #expect(known.allSatisfy { $0.secondsHeld == nil && $0.age < 60 })
    }

    @Test("while insights are on hold, the objects are still read and stored")
    func insightsHeld() throws {
        sample.order(#"{"fault":"error","status":400,"code":80000,"message":"limit","path":"/insights","minutes":5}"#)
        #expect(try sample.sync() == .failed)
        sample.calm()
        #expect(try sample.ids("creatives").count == 60)
        // Their results are unknown.
        #expect(try sample.ids("creatives", where: "impressions IS NULL AND spent IS NULL").count == 60)
        sample.forgetCalls()
        try sample.pass(301)
        #expect(try sample.sync(isForced: false) == .done)
        // Only later changes are requested.
        #expect(sample.calls()["GET act/ads"] == 1)
        let connection = sample.database.connect()
        #expect(try connection.integer("SELECT ads FROM sync_runs ORDER BY requested_at DESC LIMIT 1") == 1)
        #expect(try sample.ids("creatives", where: "impressions IS NULL").isEmpty)
    }
}
