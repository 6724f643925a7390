import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import SyncEngine
import TestSupport
import Testing

/// Tokens are checked at Facebook once a day, and a failed check never fails a sync.
@Suite struct TokenCheckTests {
    let sample: Sample

    init() throws {
        sample = try Sample(
            world: .with([
                AccountSpec(id: "10000000000001", name: "One", campaigns: 2, adSets: 4, ads: 8),
                AccountSpec(id: "99", name: "Other", campaigns: 1, adSets: 1, ads: 2),
            ])
        )
    }

    private var app: GraphApp { sample.app() }

    /// A sync of the sample's account, or of another with the same token.
    private func sync(_ account: AdAccount.ID? = nil, app: GraphApp? = nil) throws -> SyncRun.Outcome? {
        let account = account ?? sample.account
        _ = try sample.store.requestSync(of: account, trigger: .manual, isForced: true, interval: 600)
        guard let run = try sample.store.claimRun(of: account) else { return nil }
        let check = TokenCheck(store: sample.store, app: app ?? self.app) { [store = sample.store] account in
            (GraphSimulator.demoToken, try #require(try store.token(of: account.id)))
        }
        let outcome = SyncEngine(
            store: sample.store,
            settings: sample.settings,
            makeClient: { [sample] _ in sample.client() },
            tokenCheck: check,
            now: { [clock = sample.clock] in clock.now },
            isStopping: { false },
            report: { _ in }
        ).perform(run)
        try sample.store.release(run)
        return outcome
    }

    private func checks() -> Int { sample.calls()["GET debug_token"] ?? 0 }

    private func state() throws -> TokenState {
        try #require(try sample.store.syncStatus(of: sample.account, interval: 600)).token
    }

    @Test("each token is checked once a day, however many accounts have it and however often they sync")
    func daily() throws {
        let other = try sample.store.addAdAccount(
            facebookID: "99",
            name: "Other",
            token: StoredToken(bytes: [1], keyID: "k")
        )
        sample.order(#"{"fault":"token_facts","expires_in":864000}"#)
        #expect(try sync() == .done)
        #expect(try sync() == .done)
        #expect(try sync(other) == .done)
        #expect(checks() == 1)
        let state = try state()
        #expect(state.expiresAt == Timestamp(seconds: Int(Sample.now) + 864_000).description)
        #expect(state.problem?.hasPrefix("The access token expires on ") == true)
        #expect(try sample.store.adAccounts().allSatisfy { $0.tokenState.problem == state.problem })

        try sample.database.connect().execute("UPDATE facebook_tokens SET asked_at = now() - interval '25 hours'")
        sample.order(#"{"fault":"token_facts","expires_in":5000000}"#)
        #expect(try sync() == .done)
        #expect(checks() == 2)
        #expect(try self.state().problem == nil)
    }

    @Test("another token is checked separately, and the facts about the first are deleted")
    func replaced() throws {
        sample.order(#"{"fault":"token_facts","expires_in":864000}"#)
        #expect(try sync() == .done)
        #expect(try state().problem != nil)
        try sample.store.setToken(StoredToken(bytes: [9], keyID: "k"), of: sample.account)
        #expect(try state() == TokenState())
    }

    @Test(
        "a sync succeeds and reports it if Facebook returns no facts about the token",
        arguments: [
            #"{"fault":"error","code":100,"path":"debug_token"}"#, #"{"fault":"transient","path":"debug_token"}"#,
            #"{"fault":"body_not_json","path":"debug_token"}"#, #"{"fault":"token_expired","path":"debug_token"}"#,
            #"{"fault":"rate_limited","path":"debug_token"}"#,
        ]
    )
    func fails(order: String) throws {
        sample.order(order)
        #expect(try sync() == .done)
        let status = try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
        #expect(status.error == nil && status.state.hold == nil && status.token == TokenState())
        let warnings = try #require(status.run?.summary.warnings)
        #expect(warnings.contains { $0.contains("did not return the state of the access token") })
        #expect(!warnings.contains { $0.contains(GraphSimulator.demoToken) })
        // Not again at once.
        let before = checks()
        #expect(try sync() == .done)
        #expect(checks() == before)
    }

    @Test("unreadable facts change no known fact, and are requested again a day later")
    func unreadable() throws {
        sample.order(#"{"fault":"token_facts","expires_in":864000,"data_access_expires_in":1000000}"#)
        #expect(try sync() == .done)
        let known = try state()
        #expect(known.expiresAt != nil && known.dataAccessExpiresAt != nil && known.isValid)
        let damaged = sample.app { _ in
            HTTPResponse(
                status: 200,
                json:
                    #"{"data":{"is_valid":false,"expires_at":"soon","data_access_expires_at":[],"scopes":"ads_read"}}"#
            )
        }
        try sample.database.connect().execute("UPDATE facebook_tokens SET asked_at = now() - interval '25 hours'")
        #expect(try sync(app: damaged) == .done)
        #expect(try state().expiresAt == known.expiresAt)
        #expect(try state().dataAccessExpiresAt == known.dataAccessExpiresAt)
        // The readable facts still count.
        #expect(try state().isValid == false)
        #expect(try sample.lastWarnings().contains("data_access_expires_at, expires_at, scopes"))
        sample.calm()
        try sample.database.connect().execute("UPDATE facebook_tokens SET asked_at = now() - interval '25 hours'")
        #expect(try sync() == .done)
        #expect(try state() == TokenState())
    }

    @Test("if a sync fails for a missing permission, the permission is named")
    func missing() throws {
        sample.order(#"{"fault":"permission","edge":"campaigns"}"#)
        sample.order(#"{"fault":"token_facts","scopes":"public_profile"}"#)
        #expect(try sync() == .failed)
        #expect(try state().missingPermissions == ["ads_read"])
        #expect(try state().problem?.contains("ads_read") == true)
    }
}

extension Sample {
    /// The simulator's app, without a network.
    /// - Parameter send: intercepts each request.
    func app(send: ((HTTPRequest) throws -> HTTPResponse)? = nil) -> GraphApp {
        let simulator = simulator
        return GraphApp(id: GraphSimulator.appID, secret: GraphSimulator.demoAppSecret, version: "v23.0") { [clock] in
            GraphClient(
                $0,
                exchanges: SequentialExchanges(send: send ?? { simulator.respond(to: $0) }),
                clock: GraphClient.Clock(now: { clock.now }, sleep: { clock.now += $0 })
            )
        }
    }
}
