internal import FoundationEssentials
package import GraphAPI
package import GraphSimulator
internal import HTTPMessages
package import Model
internal import Secrets
package import Store
package import SyncEngine

/// A connected account of the simulator with somebody who may see it: what most tests begin with.
package final class Sample {
    package static let email = "ada@example.com"
    package static let key = [UInt8](repeating: 7, count: 32)
    /// The simulator's clock, which stands still: the moment at which the tests began. A run asks for the days before
    /// PostgreSQL's own today, so a fixed date would one day find no delivery in them.
    package static let now: Double = Date().timeIntervalSince1970.rounded(.down)

    package let database: TemporaryDatabase
    package let store: Store
    package let simulator: GraphSimulator
    package let account: AdAccount.ID
    package let facebookID: String
    /// A bearer token of `email`.
    package let token: String

    /// - Parameters:
    ///   - world: its first account is the one connected.
    ///   - role: what `email` may do with it; `nil` for nothing.
    package init(world: World = .small, role: Role? = .manager) throws {
        database = try TemporaryDatabase()
        store = database.store()
        simulator = GraphSimulator(now: { Sample.now }, baseURL: "http://127.0.0.1/simulator", world: world)
        facebookID = world.accounts[0].id
        let sealed = try TokenCipher(key: Self.key).seal(GraphSimulator.demoToken, account: facebookID)
        account = try store.addAdAccount(
            facebookID: facebookID,
            name: "Sample",
            token: StoredToken(bytes: sealed.bytes, keyID: sealed.keyID)
        )
        _ = try store.addUser(email: Self.email)
        if let role { _ = try store.grant(role, on: account, to: Self.email) }
        token = AccessToken.generate()
        _ = try store.addAccessToken(hash: AccessToken.hash(token), email: Self.email, label: "", days: nil)
    }

    /// A client of the simulator, without a network. It does not wait where a real one would.
    package func client(token: String = GraphSimulator.demoToken) -> GraphClient {
        let simulator = simulator
        return GraphClient(
            GraphClient.Credentials(version: "v23.0", token: token, appSecret: nil),
            send: { simulator.respond(to: $0) },
            sleep: { _ in }
        )
    }

    /// Asks for a sync, does it at once, and tells how it ended.
    @discardableResult
    package func sync(
        report: @escaping (SyncEvent) -> Void = { _ in },
        isStopping: @escaping () -> Bool = { false }
    ) throws -> SyncRun.Outcome? {
        _ = try store.requestSync(of: account, trigger: .manual, isForced: true, interval: 600)
        guard let run = try store.claimRun(of: account) else { return nil }
        let engine = SyncEngine(
            store: store,
            makeClient: { [self] _ in client() },
            isStopping: isStopping,
            report: report
        )
        let outcome = engine.perform(run)
        try store.release(run)
        return outcome
    }

    /// Orders something of the simulator's control route.
    package func order(_ json: String) {
        let response = simulator.respond(to: HTTPRequest(method: "POST", path: "/_control", body: Array(json.utf8)))
        precondition(response.status == 200, String(decoding: response.body, as: UTF8.self))
    }
}

@available(*, unavailable)
extension Sample: Sendable {}

extension World {
    /// One account in US dollars: 6 campaigns, 20 ad sets, 60 ads.
    package static let small = World.with([
        AccountSpec(id: "10000000000001", name: "Small", campaigns: 6, adSets: 20, ads: 60)
    ])

    /// A world of these accounts, three days old at `Sample.now`.
    package static func with(_ accounts: [AccountSpec]) -> World {
        World(seed: 7, newest: Int(Sample.now) - 3 * 86_400, accounts: accounts)
    }
}
