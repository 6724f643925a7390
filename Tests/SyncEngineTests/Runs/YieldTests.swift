import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

@testable import SyncEngine

/// No run waits for history longer than a second, whatever history is doing. The clock moves only while a child waits
/// for Facebook.
@Suite struct YieldTests {
    let shops: Shops
    private var accounts: [AdAccount.ID] { shops.accounts }
    private var connection: Connection { shops.connection }

    init() throws {
        shops = try Shops(3)
        // Everything except history is there.
        for account in shops.accounts { try ask(account, .cron) }
        #expect(try worker(historyBudget: 0, log: Log()).work(first: nil) == .worked([.done, .done, .done]))
    }

    private final class Log {
        /// The times at which runs began and ended.
        var runs: [(began: Double, ended: Double?)] = []
        var orders = 0
    }

    /// - Parameters:
    /// - orderSeconds: the time that Facebook needs to accept a report order.
    /// - callSeconds: the time that any other call takes.
    ///   - onOrder: called with each order.
    ///   - during: called with each event.
    private func worker(
        historyBudget: Double = 100_000,
        orderSeconds: Double = 0,
        callSeconds: Double = 0,
        log: Log,
        onOrder: @escaping () -> Void = {},
        isStopping: @escaping () -> Bool = { false },
        during: @escaping (SyncEvent) -> Void = { _ in }
    ) -> SyncWorker {
        let (clock, simulator) = (shops.sample.clock, shops.sample.simulator)
        return shops.worker(
            historyBudget: historyBudget,
            client: {
                GraphClient(
                    GraphClient.Credentials(version: "v23.0", token: GraphSimulator.demoToken, appSecret: nil),
                    exchanges: DelayedExchanges(clock) { request in
                        let answer = simulator.answer(to: request)
                        guard request.method == "POST" else { return (answer.response, callSeconds) }
                        log.orders += 1
                        onOrder()
                        return (answer.response, max(answer.delay, orderSeconds))
                    },
                    clock: GraphClient.Clock(now: { clock.now }, sleep: { clock.now += $0 })
                )
            },
            isStopping: isStopping,
            report: { event in
                defer { during(event) }
                switch event {
                case .started: log.runs.append((clock.now, nil))
                case .finished: log.runs[log.runs.count - 1].ended = clock.now
                default: break
                }
            }
        )
    }

    private func ask(_ account: AdAccount.ID, _ trigger: SyncRun.Trigger) throws {
        try shops.age(account)
        try shops.ask(account, trigger)
    }

    @Test(
        "a run requested during a report order begins within a second, and no report is ordered twice",
        arguments: [0.1, 0.7, 2, 10, 45],
        [SyncRun.Trigger.read, .cron, .manual]
    )
    func duringOrder(seconds: Double, trigger: SyncRun.Trigger) throws {
        let undisturbed = try YieldTests()
        let quiet = Log()
        _ = try undisturbed.worker(log: quiet).work(first: nil)
        #expect(quiet.orders > 0)

        let log = Log()
        var askedAt: Double?
        let onOrder = { [self] in
            guard askedAt == nil else { return }
            askedAt = shops.sample.clock.now
            #expect(throws: Never.self) { try ask(accounts[1], trigger) }
        }
        let child = worker(orderSeconds: seconds, callSeconds: 0.05, log: log, onOrder: onOrder)
        _ = try child.work(first: nil)
        let asked = try #require(askedAt)
        let run = try #require(log.runs.first)
        #expect(run.began - asked <= 1)
        #expect(log.orders == quiet.orders)
        #expect(try shops.daysLeft() == 0)
    }

    @Test(
        "on a busy host, history progresses in turns between runs, none longer than a second",
        arguments: [0.05, 0.7, 3]
    )
    func turns(orderSeconds: Double) throws {
        _ = try worker(log: Log()).work(first: nil)
        #expect(try shops.daysLeft() == 0)
        try shops.forgetHistory(of: accounts[2])
        let unread = "SELECT count(*) FROM insights_days WHERE state IS NULL"
        let before = try connection.integer("\(raw: unread)") ?? 0
        #expect(before > 0)
        // Each run that begins adds another waiting one.
        let log = Log()
        var isOver = false
        let askForAnother = { [self] (event: SyncEvent) -> Void in
            #expect(throws: Never.self) {
                switch event {
                case .started(let run): try ask(run.account.id == accounts[0] ? accounts[1] : accounts[0], .read)
                case .finished:
                    isOver = try log.runs.count >= 60 || (connection.integer("\(raw: unread)") ?? 0) < before
                default: break
                }
            }
        }
        try ask(accounts[0], .read)
        let child = worker(
            orderSeconds: orderSeconds,
            callSeconds: 0.05,
            log: log,
            isStopping: { isOver },
            during: askForAnother
        )
        _ = try child.work(first: nil)
        #expect(try connection.integer("\(raw: unread)") ?? 0 < before)
        #expect(log.orders <= 1)
        for (first, second) in zip(log.runs, log.runs.dropFirst()) {
            #expect(second.began - (first.ended ?? -.infinity) <= 1)
        }
    }
}
