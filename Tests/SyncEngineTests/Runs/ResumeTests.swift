import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// The pages of a run that ended early.
@Suite struct ResumeTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
        sample.simulator.pageSizeCap = 7
        sample.simulator.insightsPageSizeCap = 9
    }

    /// A run that is asked to stop after this many signs of progress.
    private func stop(afterPages pages: Int, isForced: Bool = true) throws {
        var taken = 0
        let outcome = try sample.sync(
            isForced: isForced,
            report: { event in
                if case .progressed = event { taken += 1 }
            },
            isStopping: { taken > pages }
        )
        #expect(outcome == .interrupted)
    }

    @Test("the next run continues from the stored pages and requests none of them again", arguments: [5, 8, 14])
    func goesOn(pages: Int) throws {
        let whole = try Sample()
        (whole.simulator.pageSizeCap, whole.simulator.insightsPageSizeCap) = (7, 9)
        #expect(try whole.sync() == .done)
        let asWhole = whole.calls()

        try stop(afterPages: pages)
        #expect(try sample.contents() == [])
        let first = sample.calls()
        sample.forgetCalls()
        #expect(try sample.sync() == .done)
        let second = sample.calls()
        for edge in ["GET act/campaigns", "GET act/adsets", "GET act/ads"] {
            // One call that was pending at the stop may be repeated.
            let both = (first[edge] ?? 0) + (second[edge] ?? 0)
            // And one more for later changes.
            #expect(both > asWhole[edge] ?? 0 && both <= (asWhole[edge] ?? 0) + 2, "\(edge)")
        }
        #expect((second["GET act/ads"] ?? 0) - 1 < (asWhole["GET act/ads"] ?? 0))
        let withoutAccount = { (sample: Sample) in
            try sample.contents().map { $0.replacing(sample.account.rawValue, with: "") }
        }
        #expect(try withoutAccount(sample) == withoutAccount(whole))
        #expect(try sample.database.connect().integer("SELECT count(*) FROM staged_ads") == 0)
        #expect(try sample.database.connect().integer("SELECT count(*) FROM staged_lists") == 0)
    }

    @Test("pages older than a day are discarded")
    func tooOld() throws {
        for isForced in [true, false] {
            try stop(afterPages: isForced ? 5 : 2, isForced: isForced)
            try sample.pass(86_400, movesClock: false)
            sample.forgetCalls()
            #expect(try sample.sync(isForced: isForced) == .done)
            #expect(sample.calls()["GET act/ads"] == 9)
            #expect(sample.calls()["GET act/campaigns"] == 1)
        }
    }

    @Test("a change after an earlier run's pages were read is there when the run that continues them is done")
    func changedMeanwhile() throws {
        #expect(try sample.sync() == .done)
        try stop(afterPages: 16)
        try sample.pass(3000)
        try sample.renameOneOfEach(to: "Renamed")
        #expect(try sample.sync() == .done)
        for table in ["campaigns", "ad_groups", "creatives"] {
            #expect(try sample.ids(table, where: "name = 'Renamed'").count == 1)
        }
    }

    @Test("a cursor that Facebook has forgotten meanwhile restarts the list, without doubled rows")
    func forgottenCursor() throws {
        try stop(afterPages: 4)
        sample.order(#"{"fault":"cursor_invalid","times":1,"edge":"ads"}"#)
        #expect(try sample.sync() == .done)
        #expect(try sample.ids("creatives").count == 60)
        let ads = try sample.database.connect().integer("SELECT ads FROM sync_runs WHERE outcome = 'done'")
        // All of them, and once more the one whose update is the watermark.
        #expect(ads == 61)
    }

    @Test("a lost connection keeps the pages, ends the run, and releases its lock")
    func connectionLost() throws {
        var pages = 0
        let database = sample.database
        let watcher = database.connect()
        let staged = Query("SELECT sum(rows)::int FROM staged_lists")
        var rows: Int?
        let outcome = try sample.sync { event in
            guard case .progressed(_, let progress) = event, progress.done > 0 else { return }
            pages += 1
            guard pages == 4 else { return }
            #expect(throws: Never.self) {
                try database.terminateOthers(but: watcher)
                rows = try watcher.integer(staged)
            }
        }
        #expect(outcome == .failed)
        // No page was stored without the lock.
        #expect(rows != nil)
        #expect(try watcher.integer(staged) == rows)
        sample.forgetCalls()
        #expect(try sample.sync() == .done)
        #expect((sample.calls()["GET act/ads"] ?? 10) < 10)
        #expect(try sample.ids("creatives").count == 60)
        let ends = try watcher.rows("SELECT outcome FROM sync_runs ORDER BY requested_at") { try $0.text(0) }
        #expect(ends == ["interrupted", "done"])
    }

    @Test("a report ordered before the stop is continued and not ordered again")
    func report() throws {
        sample.settings = SyncSettings()
        sample.simulator.pageSizeCap = 1000
        sample.order(#"{"fault":"report_slow","value":120}"#)
        var isHistory = false
        let outcome = try sample.sync(
            report: { event in
                if case .progressed(_, let progress) = event, progress.phase == .history { isHistory = true }
            },
            isStopping: { isHistory && sample.calls()["GET report"] ?? 0 > 1 }
        )
        // The run was done before.
        #expect(outcome == .done)
        let orders = sample.calls()["POST act/insights"]
        #expect(orders == 1)
        #expect(try sample.database.connect().integer("SELECT count(*) FROM report_runs") == 1)
        // The data itself is stored: the stop concerned the older days.
        #expect(try sample.ids("creatives").count == 60)
        sample.clock.now += 120
        sample.forgetCalls()
        #expect(try sample.sync(isForced: false) == .done)
        #expect(sample.calls()["POST act/insights"] == 2)
        #expect(try sample.database.connect().integer("SELECT count(*) FROM report_runs") == 0)
        let unread = try sample.database.connect().integer(
            "SELECT count(*) FROM insights_days WHERE state IS DISTINCT FROM 'complete'"
        )
        #expect(unread == 0)
    }

    @Test("a run without progress for ten minutes is given up")
    func watchdog() throws {
        #expect(try sample.sync() == .done)
        let clock = sample.clock
        let simulator = sample.simulator
        let outcome = try sample.sync(client: { [sample] in
            sample.client(send: { request in
                clock.now += 90  // each call takes this long and returns nothing
                var response = simulator.respond(to: request)
                response.status = 503
                response.body = []
                return response
            })
        })
        #expect(outcome == .failed)
        let error = try sample.store.syncStatus(of: sample.account, interval: 600)?.error
        #expect(error?.contains("no page arrived for 600 seconds") == true, "\(error ?? "")")
    }
}
