import Model
import Store
import SyncEngine
import TestSupport
import Testing

/// Slots, and how a child continues after a run.
@Suite struct WorkerTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
    }

    private func worker(_ store: Store, isStopping: @escaping () -> Bool = { false }) -> SyncWorker {
        let engine = SyncEngine(
            store: store,
            makeClient: { [sample] _ in sample.client() },
            now: { Sample.now },
            isStopping: isStopping,
            report: { _ in }
        )
        return SyncWorker(
            store: store,
            engine: engine,
            host: "test",
            slots: 1,
            historyBudget: 0,
            now: { Sample.now },
            pause: { _ in },
            isStopping: isStopping
        )
    }

    private func ask() throws {
        _ = try sample.store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
    }

    @Test("a worker does the waiting run and releases its slot")
    func works() throws {
        try ask()
        let store = sample.database.store()
        #expect(try worker(store).work(first: sample.account) == .worked([.done]))
        #expect(try worker(sample.database.store()).work(first: nil) == .worked([]))
        #expect(try !sample.store.hasWaitingRuns())
    }

    @Test("a worker without a slot leaves the run to workers that have one")
    func noSlot() throws {
        try ask()
        #expect(try sample.store.acquireSlot(for: .sync, host: "test", of: 1) != nil)
        #expect(try worker(sample.database.store()).work(first: sample.account) == .noSlot)
        #expect(try sample.store.hasWaitingRuns())
    }

    @Test("a worker that is asked to stop begins nothing")
    func stopping() throws {
        try ask()
        #expect(try worker(sample.database.store(), isStopping: { true }).work(first: sample.account) == .noSlot)
        #expect(try sample.store.hasWaitingRuns())
    }

    @Test("a failing run of one account does not prevent the others'")
    func goesOn() throws {
        let other = try sample.store.addAdAccount(
            facebookID: "42",
            name: "Not there",
            token: StoredToken(bytes: [1], keyID: "key")
        )
        _ = try sample.store.requestSync(of: other, trigger: .manual, isForced: true, interval: 600)
        try ask()
        let store = sample.database.store()
        #expect(try worker(store).work(first: nil) == .worked([.failed, .done]))
        let error = try sample.store.syncStatus(of: other, interval: 600)?.error
        #expect(error?.contains("does not show this ad account") == true)
    }
}
