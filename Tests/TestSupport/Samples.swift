internal import FoundationEssentials
package import GraphAPI
package import GraphSimulator
package import HTTPMessages
package import Model
internal import Postgres
internal import Secrets
package import Store
package import SyncEngine

/// A connected account of the simulator and a person with access to it: the start of most tests.
package final class Sample {
    package static let email = "ada@example.com"
    package static let key = [UInt8](repeating: 7, count: 32)
    /// The time at which the tests began, where every sample's clock starts. A run requests the days before
    /// PostgreSQL's own today, so a fixed date would one day have no delivery in them.
    package static let now: Double = Date().timeIntervalSince1970.rounded(.down)

    package let database: TemporaryDatabase
    package let store: Store
    package let simulator: GraphSimulator
    /// The time of simulator, client and engine: it passes when one of them waits.
    package let clock = TestClock()
    /// The operator's settings; the simulator's account has no app. Tests that need older days request them, because
    /// they are most of the work.
    package var settings = SyncSettings.brief
    package let account: AdAccount.ID
    package let facebookID: String
    /// A bearer token of `email`.
    package let token: String

    /// - Parameters:
    /// - world: its first account is the connected one.
    /// - role: the role of `email` on it; `nil` for none.
    package init(world: World = .small, role: Role? = .manager) throws {
        database = try TemporaryDatabase()
        store = database.store()
        simulator = GraphSimulator(now: { [clock] in clock.now }, baseURL: "http://127.0.0.1/simulator", world: world)
        facebookID = world.accounts[0].id
        let sealed = try TokenCipher(key: Self.key).seal(GraphSimulator.demoToken, account: facebookID)
        account = try store.addAdAccount(
            facebookID: facebookID,
            name: "Sample",
            token: StoredToken(sealed)
        )
        _ = try store.addUser(email: Self.email)
        if let role { _ = try store.grant(role, on: account, to: Self.email) }
        token = AccessToken.generate()
        _ = try store.addAccessToken(hash: AccessToken.hash(token), email: Self.email, label: "", days: nil)
        order(#"{"fault":"freeze"}"#)
    }

    /// Clears every order and freezes the world.
    package func calm() {
        // The simulator makes its clock's edits before it obeys an order. At the world's own time there are none.
        let moment = clock.now
        clock.now = Self.now
        _ = simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control"))
        order(#"{"fault":"freeze"}"#)
        clock.now = moment
    }

    /// A client of the simulator, without a network. Where a real one would wait, the clock moves on.
    /// - Parameter send: intercepts each request.
    package func client(
        token: String = GraphSimulator.demoToken,
        send: ((HTTPRequest) throws -> HTTPResponse)? = nil
    ) -> GraphClient {
        let simulator = simulator
        return GraphClient(
            GraphClient.Credentials(version: "v23.0", token: token, appSecret: nil),
            exchanges: SequentialExchanges(send: send ?? { simulator.respond(to: $0) }),
            clock: GraphClient.Clock(now: { [clock] in clock.now }, sleep: { [clock] in clock.now += $0 })
        )
    }

    /// An engine with such a client.
    package func engine(
        client: (() throws -> GraphClient)? = nil,
        isStopping: @escaping () -> Bool = { false },
        report: @escaping (SyncEvent) -> Void = { _ in }
    ) -> SyncEngine {
        SyncEngine(
            store: store,
            settings: settings,
            makeClient: { [self] _ in try client?() ?? self.client() },
            now: { [clock] in clock.now },
            isStopping: isStopping,
            report: report
        )
    }

    /// Requests a sync, does it at once, and returns how it ended.
    /// - Parameters:
    /// - isForced: reads everything; otherwise the sync reads as much as one started by a read of stale data.
    /// - client: replaces `client()`.
    @discardableResult
    package func sync(
        isForced: Bool = true,
        report: @escaping (SyncEvent) -> Void = { _ in },
        isStopping: @escaping () -> Bool = { false },
        client: (() throws -> GraphClient)? = nil
    ) throws -> SyncRun.Outcome? {
        if !isForced {
            try database.connect().execute("UPDATE ad_accounts SET last_synced_at = last_synced_at - interval '1 hour'")
        }
        _ = try store.requestSync(of: account, trigger: .manual, isForced: isForced, interval: 600)
        guard let run = try store.claimRun(of: account) else { return nil }
        let engine = engine(client: client, isStopping: isStopping, report: report)
        let outcome = engine.perform(run)
        try store.release(run)
        if settings.historyBudget > 0 { try readHistory(engine, isStopping: isStopping) }
        return outcome
    }

    /// Reads the account's history, as a child does after the last run, for as long as the settings allow.
    package func readHistory(_ engine: SyncEngine? = nil, isStopping: () -> Bool = { false }) throws {
        let engine = engine ?? self.engine()
        let end = clock.now + settings.historyBudget
        while clock.now < end, !isStopping(), let work = try store.claimHistory(of: account) {
            let step = engine.readHistory(work)
            try store.release(work)
            guard case .later(let seconds) = step else { continue }
            guard seconds < 60 else { return }
            clock.now += seconds
            let connection = database.connect()
            let passed = "interval '1 second' * \(seconds)"
            try connection.execute("UPDATE history_backlogs SET due_at = due_at - \(raw: passed)")
            try connection.execute(
                """
                UPDATE report_runs SET ordered_at = ordered_at - \(raw: passed),
                    progressed_at = progressed_at - \(raw: passed)
                """
            )
        }
    }

    /// Sends an order to the simulator's control route.
    package func order(_ json: String) {
        let response = simulator.respond(to: HTTPRequest(method: "POST", path: "/_control", body: Array(json.utf8)))
        precondition(response.status == 200, String(decoding: response.body, as: UTF8.self))
    }
}

@available(*, unavailable)
extension Sample: Sendable {}

extension SyncSettings {
    /// No older days.
    package static var brief: SyncSettings {
        var settings = SyncSettings()
        settings.historyDays = 30
        settings.historyBudget = 0
        return settings
    }
}

/// A clock that is moved by hand.
package final class TestClock {
    /// Seconds since 1970.
    package var now = Sample.now

    package init() {}
}

@available(*, unavailable)
extension TestClock: Sendable {}

extension World {
    /// One account in US dollars: 6 campaigns, 20 ad sets, 60 ads.
    package static let small = World.with([
        AccountSpec(id: "10000000000001", name: "Small", campaigns: 6, adSets: 20, ads: 60)
    ])

    /// A world of these accounts created at `Sample.now`, so that none of its objects depends on the time of the test
    /// run.
    package static func with(_ accounts: [AccountSpec]) -> World {
        World(seed: 7, newest: Int(Sample.now), accounts: accounts)
    }
}
