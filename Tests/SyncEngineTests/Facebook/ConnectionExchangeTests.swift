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

/// From the dialog's code to the accounts.
@Suite struct ConnectionExchangeTests {
    static let back = "http://127.0.0.1:8080/api/facebook/callback"
    let sample: Sample
    let cipher = TokenCipher(key: Sample.key)
    let userID: String

    init() throws {
        sample = try Sample()
        userID = try #require(try sample.store.users().first).id
    }

    /// A code of the simulator's dialog, and the connection to which it belongs.
    private func connection() throws -> (id: String, code: String) {
        let query = QueryParameters([
            .init(name: "client_id", value: GraphSimulator.appID), .init(name: "redirect_uri", value: Self.back),
            .init(name: "scope", value: "ads_read"),
        ])
        let answer = sample.simulator.respond(to: HTTPRequest(path: "/v23.0/dialog/oauth", query: query.encoded))
        let location = try #require(answer.headers["Location"])
        let code = try #require(
            try QueryParameters(decoding: String(location.dropFirst(Self.back.count + 1).prefix { $0 != "#" }))["code"]
        )
        let hash = sha256(code.utf8)
        _ = try sample.store.beginFacebookConnection(of: userID, stateHash: hash, redirectURI: Self.back)
        let id = try #require(
            try sample.store.answerFacebookConnection(stateHash: hash) {
                let sealed = try cipher.seal(code, connection: $0)
                return StoredToken(sealed)
            }
        )
        return (id, code)
    }

    private func exchange(
        _ store: Store? = nil,
        send: ((HTTPRequest) throws -> HTTPResponse)? = nil
    ) -> ConnectionExchange {
        ConnectionExchange(
            store: store ?? sample.store,
            cipher: cipher,
            app: sample.app(send: send),
            host: "test",
            slots: 2
        ) {
            sample.client(token: $0, send: send)
        }
    }

    private func seen(_ id: String) throws -> FacebookConnection {
        try #require(try sample.store.facebookConnection(id, of: userID))
    }

    @Test("the code becomes a long-lived token, stored with the facts about it and the accounts that it can see")
    func ready() throws {
        let (id, _) = try connection()
        #expect(try seen(id).status == .exchanging)
        #expect(try exchange().perform(id) == .ready(accounts: 1))
        let seen = try seen(id)
        #expect(seen.status == .ready && seen.error == nil && seen.missingPermissions.isEmpty)
        #expect(seen.accounts.map(\.facebookID) == [sample.facebookID])
        #expect(seen.accounts.map(\.name) == ["Small"] && seen.accounts.map(\.currency) == ["USD"])
        let stored = try #require(try sample.store.connectionToken(id))
        let token = try cipher.open(stored.sealed, connection: id)
        #expect(try sample.app().facts(of: token).expiresAt == Timestamp(seconds: Int(Sample.now) + 5_183_944))
        // It decrypts for no other connection.
        #expect(throws: TokenCipher.Failure.self) {
            try cipher.open(stored.sealed, connection: "other")
        }
        #expect(try exchange().perform(id) == .none)
    }

    @Test("after a child is killed at any step, the next one continues", arguments: 1...4)
    func killed(step: Int) throws {
        struct Killed: Error {}
        let (id, _) = try connection()
        var calls = 0
        let gone = sample.database.store()
        let client = exchange(gone) { [sample] request in
            calls += 1
            let answer = sample.simulator.respond(to: request)
            // The lock is released, as it is when the process is killed.
            if calls == step { try sample.endOtherConnections() }
            return answer
        }
        #expect(throws: (any Error).self) { try client.perform(id) }
        // The first token was lost with the child.
        let result = try exchange().perform(id)
        if step == 1 {
            #expect(result != .ready(accounts: 1))
            #expect(try seen(id).status == .failed)
            #expect(try seen(id).error?.contains("used") == true)
        } else {
            #expect(result == .ready(accounts: 1))
        }
    }

    @Test("a connection has one child at a time, and another starts when it is gone")
    func once() throws {
        let (id, _) = try connection()
        #expect(try sample.store.takeConnectionRestart(id) == false)
        try sample.database.connect().execute(
            "UPDATE facebook_connections SET started_at = now() - interval '6 seconds'"
        )
        let other = sample.database.store()
        let work = try #require(try other.claimFacebookConnection(id))
        #expect(try exchange().perform(id) == .none)
        #expect(try sample.store.takeConnectionRestart(id) == false)
        try other.release(work)
        #expect(try sample.store.takeConnectionRestart(id))
        // Not two at the same time.
        #expect(try sample.store.takeConnectionRestart(id) == false)
        #expect(try exchange().perform(id) == .ready(accounts: 1))
    }

    @Test(
        "a person has one pending connection: another ends it, and waits for the child that still works for it"
    )
    func oneForEach() throws {
        let (first, _) = try connection()
        let other = sample.database.store()
        let work = try #require(try other.claimFacebookConnection(first))
        let (second, _) = try connection()
        #expect(try seen(first).status == .failed)
        #expect(try seen(first).error?.contains("You started another connection") == true)
        #expect(try exchange().perform(second) == .none)
        #expect(try seen(second).status == .exchanging)
        // The first child's late results belong to nobody.
        try other.keep(work.secret, of: first)
        try other.finishFacebookConnection(first, accounts: [])
        #expect(try seen(first).status == .failed)
        let secrets = try sample.database.connect().integer(
            "SELECT count(secret) FROM facebook_connections WHERE id = \(first)::uuid"
        )
        #expect(secrets == 0)
        try other.release(work)
        #expect(try exchange().perform(second) == .ready(accounts: 1))
    }

    /// Two unusable rows beside the sample's account: one with an invalid id, and one without a currency.
    private func withDamagedAccounts(times: Int) -> (HTTPRequest) throws -> HTTPResponse {
        var left = times
        return sample.changed { path, _, object in
            guard path == "me/adaccounts", left > 0, let rows = object["data"] as? [[String: Any]] else { return }
            left -= 1
            var (long, other) = (rows[0], rows[0])
            long["account_id"] = String(repeating: "7", count: 21)
            (other["account_id"], other["currency"]) = ("20000000000002", "?")
            object["data"] = rows + [long, other]
            object["summary"] = ["total_count": rows.count + 2]
        }
    }

    @Test("accounts that cannot be read are named to the person, and prevent no other from being connected")
    func damagedAccounts() throws {
        let (id, _) = try connection()
        let send = withDamagedAccounts(times: 100)
        #expect(try exchange(send: send).perform(id) == .ready(accounts: 1))
        let seen = try seen(id)
        #expect(seen.status == .ready && seen.accounts.map(\.facebookID) == [sample.facebookID])
        #expect(
            seen.error?.contains("ad account 20000000000002 was left out: the field currency cannot be read") == true
        )
        #expect(seen.error?.contains("account_id") == true)
        // The database accepts every account that can be chosen.
        let token = StoredToken(bytes: [1], keyID: "k")
        try sample.database.connect().execute("DELETE FROM ad_accounts")
        let outcome = try sample.store.complete(
            id,
            of: userID,
            email: Sample.email,
            accounts: seen.accounts.map { ($0, token) },
            app: ""
        )
        guard case .connected(let accounts) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(accounts.map(\.facebookID) == [sample.facebookID])
    }

    @Test("a list of accounts that was damaged once is read again, without a warning")
    func damagedOnce() throws {
        let (id, _) = try connection()
        #expect(try exchange(send: withDamagedAccounts(times: 1)).perform(id) == .ready(accounts: 1))
        #expect(try seen(id).error == nil)
    }

    @Test("of several connections that one person begins at the same moment, one is pending")
    func atOnce() throws {
        let database = sample.database
        _ = try inThreads(8) { [userID] number in
            try database.store().beginFacebookConnection(
                of: userID,
                stateHash: sha256("\(number)".utf8),
                redirectURI: Self.back
            )
        }
        let waiting = try database.connect().integer(
            "SELECT count(*) FROM facebook_connections WHERE status = 'waiting'"
        )
        #expect(waiting == 1)
    }

    @Test(
        "a host limits its connection children, whatever its syncs do; a request without a slot gets retry advice"
    )
    func slots() throws {
        let others = (0..<3).map { _ in sample.database.store() }
        for other in others { _ = try other.acquireSlot(for: .sync, host: "test", of: 3) }
        let taken = try others.prefix(2).compactMap { try $0.acquireSlot(for: .connection, host: "test", of: 2) }
        #expect(taken.count == 2)
        let (id, _) = try connection()
        guard case .failed(let sentence) = try exchange().perform(id) else {
            Issue.record("it should have failed")
            return
        }
        #expect(sentence.contains("Try again"))
        #expect(try seen(id).error == sentence)
        try others[0].release(taken[0])
        let (again, _) = try connection()
        #expect(try exchange().perform(again) == .ready(accounts: 1))
        // The slot is free again.
        #expect(try others[0].acquireSlot(for: .connection, host: "test", of: 2) != nil)
    }

    @Test("children that are killed again and again are not restarted for ever")
    func attempts() throws {
        let (id, _) = try connection()
        var started = 0
        for _ in 0..<10 {
            try sample.database.connect().execute(
                "UPDATE facebook_connections SET started_at = now() - interval '6 seconds'"
            )
            if try sample.store.takeConnectionRestart(id) { started += 1 }
        }
        #expect(started == 4)
        #expect(try seen(id).status == .failed)
    }

    @Test("a missing permission fails the connection and is named")
    func declined() throws {
        sample.order(#"{"fault":"login","scopes":"public_profile"}"#)
        let (id, _) = try connection()
        guard case .failed = try exchange().perform(id) else {
            Issue.record("it should have failed")
            return
        }
        let seen = try seen(id)
        #expect(seen.status == .failed && seen.missingPermissions == ["ads_read"] && seen.accounts.isEmpty)
        #expect(seen.error?.contains("ads_read") == true)
        #expect(try sample.store.connectionToken(id) == nil)
    }

    @Test(
        "whatever Facebook returns, the person gets a sentence without a secret, and no secret stays",
        arguments: [
            #"{"fault":"error","code":1,"message":"Error validating client secret.","path":"oauth"}"#,
            #"{"fault":"error","code":100,"subcode":36008,"path":"oauth"}"#,
            #"{"fault":"server_error_html","path":"debug_token"}"#, #"{"fault":"redirect","path":"adaccounts"}"#,
            #"{"fault":"token_expired","path":"adaccounts"}"#, #"{"fault":"empty_body","path":"oauth"}"#,
        ]
    )
    func refused(order: String) throws {
        let (id, code) = try connection()
        sample.order(order)
        guard case .failed(let sentence) = try exchange().perform(id) else {
            Issue.record("it should have failed")
            return
        }
        let seen = try seen(id)
        #expect(seen.status == .failed && seen.error == sentence)
        for secret in [code, GraphSimulator.demoAppSecret, "EAASim"] { #expect(!sentence.contains(secret)) }
        let left = try sample.database.connect().firstRow(
            "SELECT count(*) FROM facebook_connections WHERE secret IS NOT NULL"
        ) {
            try $0.integer(0)
        }
        #expect(left == 0)
    }

    @Test("finished connections are deleted, and their secrets at once")
    func forgotten() throws {
        let (id, _) = try connection()
        #expect(try exchange().perform(id) == .ready(accounts: 1))
        let connection = sample.database.connect()
        try connection.execute("UPDATE facebook_connections SET expires_at = now() - interval '1 second'")
        #expect(try seen(id).status == .expired && (try seen(id).accounts.isEmpty))
        #expect(try sample.store.connectionToken(id) == nil)
        try sample.store.forgetFacebookConnections()
        #expect(try connection.firstRow("SELECT count(secret) FROM facebook_connections") { try $0.integer(0) } == 0)
        try connection.execute("UPDATE facebook_connections SET expires_at = now() - interval '2 days'")
        try sample.store.forgetFacebookConnections()
        #expect(try sample.store.facebookConnection(id, of: userID) == nil)
    }
}

extension Sample {
    func endOtherConnections() throws {
        _ = try database.connect().rows(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        ) { try $0.boolean(0) }
    }
}
