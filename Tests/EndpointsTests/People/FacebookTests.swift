import Endpoints
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import SyncEngine
import TestSupport
import Testing

/// Connecting ad accounts in the browser. Facebook's dialog is the simulator's; children are recorded, not started.
@Suite struct FacebookTests {
    static let publicURL = "https://ads.example.com"
    let bench: Bench
    let endpoints: Endpoints
    let cipher = TokenCipher(key: Sample.key)

    init() throws {
        bench = try Bench(isSynced: false)
        endpoints = bench.makeEndpoints(
            bench.sample.store,
            facebookLogin: FacebookLogin(
                appID: GraphSimulator.appID,
                version: "v23.0",
                dialogURL: "https://www.facebook.com",
                publicURL: Self.publicURL,
                cipher: cipher
            )
        )
    }

    private func send(
        _ method: String,
        _ path: String,
        query: String = "",
        _ headers: HTTPHeaders,
        body: String = "",
        isSecure: Bool = true
    ) -> HTTPResponse {
        var request = HTTPRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
        request.isSecure = isSecure
        request.clientAddress = "192.0.2.1"
        return endpoints.answer(request)
    }

    /// Begins a connection. Returns the state in the dialog's address, and the cookie as a browser sends it back.
    private func begin(_ bearer: HTTPHeaders? = nil) throws -> (state: String, cookie: String, dialog: String) {
        let answer = send("GET", "/api/facebook/connect", bearer ?? bench.bearer)
        #expect(answer.status == 302 && answer.headers["Cache-Control"] == "no-store")
        let dialog = try #require(answer.headers["Location"])
        let query = try QueryParameters(decoding: String(dialog.split(separator: "?")[1]))
        let cookie = try #require(answer.headers["Set-Cookie"])
        return (try #require(query["state"]), String(cookie.prefix { $0 != ";" }), dialog)
    }

    private func callback(_ query: String, _ cookie: String?) -> HTTPResponse {
        send("GET", "/api/facebook/callback", query: query, cookie.map { ["Cookie": $0] } ?? [:])
    }

    private func id(_ answer: HTTPResponse) throws -> String {
        let prefix = "/#/settings?connection="
        let location = try #require(answer.headers["Location"])
        #expect(answer.status == 302 && location.hasPrefix(prefix))
        return String(location.dropFirst(prefix.count))
    }

    private func look(_ id: String, _ bearer: HTTPHeaders? = nil) -> HTTPResponse {
        send("GET", "/api/facebook/connection", query: "id=\(id)", bearer ?? bench.bearer)
    }

    private func choose(_ id: String, _ accounts: [String], _ headers: HTTPHeaders? = nil) -> HTTPResponse {
        var headers = headers ?? bench.bearer
        headers["Content-Type"] = "application/json"
        let names = accounts.map { "\"\($0)\"" }.joined(separator: ",")
        return send(
            "POST",
            "/api/facebook/connection",
            headers,
            body: #"{"id":"\#(id)","adAccounts":[\#(names)]}"#
        )
    }

    /// A connection whose accounts can be chosen, in the state in which the child leaves it.
    private func ready(_ accounts: [String], _ bearer: HTTPHeaders? = nil) throws -> String {
        let (state, cookie, _) = try begin(bearer)
        let id = try id(callback("code=c0de&state=\(state)", cookie))
        let sealed = try cipher.seal("EAAnewtoken", connection: id)
        let stored = StoredToken(sealed)
        try bench.sample.store.keep(ConnectionSecret(kind: .token, stored: stored), of: id)
        try bench.sample.store.finishFacebookConnection(
            id,
            accounts: accounts.map {
                FacebookConnection.Account(facebookID: $0, name: "N\($0)", currency: "EUR", timeZone: "Mars/Base")
            }
        )
        return id
    }

    @Test("the browser is redirected to the dialog with the return address and the permissions")
    func dialog() throws {
        let answer = send("GET", "/api/facebook/connect", bench.bearer)
        let dialog = try #require(answer.headers["Location"])
        #expect(dialog.hasPrefix("https://www.facebook.com/v23.0/dialog/oauth?"))
        let query = try QueryParameters(decoding: String(dialog.split(separator: "?")[1]))
        #expect(query["client_id"] == GraphSimulator.appID && query["scope"] == "ads_read")
        #expect(query["redirect_uri"] == "\(Self.publicURL)/api/facebook/callback" && query["response_type"] == "code")
        let cookie = try #require(answer.headers["Set-Cookie"])
        #expect(cookie.hasPrefix("__Host-admirror_connection="))
        #expect(cookie.hasSuffix("; Max-Age=900; Path=/; HttpOnly; SameSite=Lax; Secure"))
        // Neither the address that goes through Facebook nor the table contains the secret.
        let secret = String(cookie.dropFirst("__Host-admirror_connection=".count).prefix(64))
        #expect(query["state"] != secret)
        let row = try bench.sample.database.connect().firstRow("SELECT to_jsonb(c)::text FROM facebook_connections c") {
            try $0.text(0)
        }
        #expect(row?.contains(secret) == false && row?.contains(query["state"] ?? "-") == false)
        let plain = send("GET", "/api/facebook/connect", bench.bearer, isSecure: false)
        #expect(plain.headers["Set-Cookie"]?.hasPrefix("admirror_connection=") == true)
        #expect(plain.headers["Set-Cookie"]?.contains("Secure") == false)
    }

    @Test("dialog, code, child, choice: in the end the person owns the account and its first sync has started")
    func whole() throws {
        let (state, cookie, _) = try begin()
        let back = callback("code=c0de&state=\(state)", cookie)
        let id = try id(back)
        #expect(back.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(bench.started == [.connection(id)])
        let waiting = look(id)
        #expect(waiting.headers["Cache-Control"] == "no-store")
        #expect(JSON.memberNames(waiting.body, depth: 1) == ["connection"])
        #expect(waiting.json["connection"]["status"].string == "exchanging")
        #expect(bench.started.count == 1)

        let sealed = try cipher.seal("EAAnewtoken", connection: id)
        let stored = StoredToken(sealed)
        try bench.sample.store.keep(ConnectionSecret(kind: .token, stored: stored), of: id)
        try bench.sample.store.finishFacebookConnection(
            id,
            accounts: [.init(facebookID: "77", name: "New", currency: "EUR", timeZone: "Europe/Berlin")]
        )
        let account = look(id).json["connection"]["adAccounts"].list[0]
        #expect(account["facebook_id"].string == "77" && account["time_zone"].string == "Europe/Berlin")
        #expect(account["connected"].boolean == false)

        let chosen = choose(id, ["act_77"])
        #expect(chosen.status == 200 && chosen.text == #"{"connected":["act_77"]}"#)
        #expect(bench.started.last == .waitingRuns(1))
        let known = try #require(try bench.sample.store.adAccount(AccountReference("77")))
        #expect(try bench.sample.store.access(to: known.id).map(\.role) == [.owner])
        let token = try #require(try bench.sample.store.token(of: known.id))
        let text = try cipher.open(token.sealed, account: "77")
        #expect(text == "EAAnewtoken")
        #expect(look(id).json["connection"]["status"].string == "done")
        #expect(look(id).json["connection"]["adAccounts"].list[0]["connected"].boolean == true)
        #expect(isError(choose(id, ["act_77"]), 409, "CONNECTION_NOT_READY"))
        let events = try bench.sample.store.auditEvents(limit: 2)
        #expect(events.map(\.event) == ["role_granted", "account_added"])
        #expect(events.allSatisfy { $0.actor == Sample.email && $0.address == "192.0.2.1" })
    }

    @Test("a state that is forged, missing, used or another browser's is refused")
    func states() throws {
        let (state, cookie, _) = try begin()
        let (otherState, otherCookie, _) = try begin(try bench.newPerson("eve@example.com", role: nil))
        let forged = String(repeating: "0", count: 64)
        for (query, cookie) in [
            ("code=c&state=\(state)", nil), ("code=c&state=\(forged)", cookie), ("code=c", cookie),
            ("code=c&state=", cookie), ("code=c&state=\(otherState)", cookie), ("code=c&state=\(state)", otherCookie),
            ("code=c&state=\(state)", "__Host-admirror_connection=\(forged)"),
            ("code=c&state=\(state)", "\(cookie); \(otherCookie)"), ("state=\(state)", cookie),
            ("code=c&state=\(state)", cookie.replacing("__Host-", with: "")),
            ("code=\(String(repeating: "x", count: 5000))&state=\(state)", cookie), ("error=x&state=\(forged)", cookie),
        ] {
            #expect(isError(callback(query, cookie), 400, "CONNECTION_STATE_INVALID"), "\(query.prefix(90))")
        }
        #expect(bench.started.isEmpty)
        let events = try bench.sample.store.auditEvents(limit: 10).map { "\($0.event) \($0.actor ?? "-") \($0.detail)" }
        #expect(events == ["request_refused - GET /api/facebook/callback: CONNECTION_STATE_INVALID"])
        _ = try id(callback("code=c&state=\(state)", cookie))
        #expect(isError(callback("code=c&state=\(state)", cookie), 400, "CONNECTION_STATE_INVALID"))
        #expect(bench.started.count == 1)
    }

    @Test("an expired state is refused")
    func expired() throws {
        let (state, cookie, _) = try begin()
        try bench.sql("UPDATE facebook_connections SET expires_at = now() - interval '1 second'")
        #expect(isError(callback("code=c&state=\(state)", cookie), 400, "CONNECTION_STATE_INVALID"))
        let id = try ready(["77"])
        try bench.sql("UPDATE facebook_connections SET expires_at = now() - interval '1 second'")
        #expect(look(id).json["connection"]["status"].string == "expired")
        #expect(isError(choose(id, ["act_77"]), 409, "CONNECTION_NOT_READY"))
    }

    @Test("a person who declines returns to the same page, and the state is used up")
    func denied() throws {
        let (state, cookie, _) = try begin()
        let query = "error=access_denied&error_description=Permissions+error&state=\(state)"
        let id = try id(callback(query, cookie))
        #expect(look(id).json["connection"]["status"].string == "denied")
        #expect(bench.started.isEmpty)
        #expect(isError(callback("code=c&state=\(state)", cookie), 400, "CONNECTION_STATE_INVALID"))
        #expect(isError(choose(id, ["act_77"]), 409, "CONNECTION_NOT_READY"))
    }

    @Test("only its person sees a connection; for everybody else it does not exist")
    func others() throws {
        let id = try ready(["77"])
        let eve = try bench.newPerson("eve@example.com", role: .owner)
        let unknown = look("0f6d8a5e-3c1b-4f0a-9a53-5a1f6f3f7b10", eve)
        #expect(isError(unknown, 404, "CONNECTION_NOT_FOUND"))
        #expect(look(id, eve).body == unknown.body)
        #expect(look("x'", eve).body == unknown.body && look("", eve).body == unknown.body)
        #expect(choose(id, ["act_77"], eve).body == unknown.body)
        for answer in [
            look(id, [:]), choose(id, ["act_77"], [:]), send("GET", "/api/facebook/connect", [:]),
        ] {
            #expect(isError(answer, 401, "AUTHENTICATION_REQUIRED"))
        }
        #expect(look(id).json["connection"]["status"].string == "ready")
    }

    @Test("a request that another site makes a browser send changes nothing, and neither does a read token")
    func crossSite() throws {
        let id = try ready(["77"])
        let session = String(repeating: "a", count: 64)
        let hasBegun = try bench.sample.store.beginSession(
            idHash: sha256(session.utf8),
            of: try #require(try bench.sample.store.users().first { $0.email == Sample.email }).id,
            verifiedBy: nil,
            from: "",
            agent: "",
            replacing: nil
        )
        #expect(hasBegun)
        let cookie = "__Host-admirror=\(session)"
        for header: HTTPHeaders in [
            ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"], ["Origin": "https://evil.example"],
        ] {
            var all = header
            all["Cookie"] = cookie
            all["Host"] = "ads.example.com"
            #expect(isError(choose(id, ["act_77"], all), 403, "CROSS_SITE"))
            #expect(isError(send("GET", "/api/facebook/connect", all), 403, "CROSS_SITE"))
        }
        let token = AccessToken.generate()
        _ = try bench.sample.store.addAccessToken(
            hash: AccessToken.hash(token),
            email: Sample.email,
            label: "",
            scope: .read,
            days: nil
        )
        let reader: HTTPHeaders = ["Authorization": "Bearer \(token)"]
        #expect(isError(choose(id, ["act_77"], reader), 403, "SCOPE_INSUFFICIENT"))
        #expect(isError(send("GET", "/api/facebook/connect", reader), 403, "SCOPE_INSUFFICIENT"))
        #expect(choose(id, ["act_77"], ["Cookie": cookie, "Sec-Fetch-Site": "same-origin"]).status == 200)
    }

    @Test("an account that somebody else owns is not taken over, and then none of the others is connected")
    func taken() throws {
        let store = bench.sample.store
        let eve = try bench.newPerson("eve@example.com", role: .owner)
        let id = try ready(["77", bench.sample.facebookID])
        let before = try store.token(of: bench.sample.account)
        #expect(isError(choose(id, ["act_77", "act_\(bench.sample.facebookID)"]), 409, "AD_ACCOUNT_TAKEN"))
        #expect(try store.adAccount(AccountReference("77")) == nil)
        #expect(try store.token(of: bench.sample.account) == before)
        // The person can choose again without it.
        #expect(choose(id, ["act_77"]).status == 200)
        // Its owner renews the token.
        let own = try ready([bench.sample.facebookID], eve)
        try bench.hold("TOKEN_EXPIRED", "'infinity'")
        #expect(choose(own, [bench.sample.facebookID], eve).status == 200)
        #expect(try store.token(of: bench.sample.account) != before)
        #expect(try store.syncStatus(of: bench.sample.account, interval: 600)?.state.hold == nil)
        #expect(try store.auditEvents(limit: 1).first?.event == "facebook_token_set")
    }

    @Test(
        "a token encrypted with an unknown key is refused, and can be chosen where the key is known"
    )
    func otherKey() throws {
        let id = try ready(["77"])
        let ours = try #require(try bench.sample.store.connectionToken(id))
        let other = TokenCipher(key: [UInt8](repeating: 9, count: 32))
        let sealed = try other.seal("EAAnewtoken", connection: id)
        let theirs = StoredToken(sealed)
        #expect(try bench.sample.store.replaceConnectionSecret(ours, by: theirs, of: id))
        #expect(isError(choose(id, ["act_77"]), 409, "CONNECTION_UNREADABLE"))
        #expect(bench.logs.contains { $0.contains(other.keyID) })
        #expect(try bench.sample.store.adAccount(AccountReference("77")) == nil)
        #expect(try bench.sample.store.replaceConnectionSecret(theirs, by: ours, of: id))
        #expect(choose(id, ["act_77"]).status == 200)
    }

    @Test("a manager of an account without an owner becomes its owner")
    func ownerless() throws {
        let id = try ready([bench.sample.facebookID])
        #expect(look(id).json["connection"]["adAccounts"].list[0]["connected"].boolean == true)
        #expect(choose(id, ["act_\(bench.sample.facebookID)"]).status == 200)
        #expect(try bench.sample.store.access(to: bench.sample.account).map(\.role) == [.owner])
    }

    @Test(
        "access to an account at Facebook gives no role on an account that is connected here",
        arguments: [Role.viewer, nil]
    )
    func notTheirs(role: Role?) throws {
        let person = try bench.newPerson("vic@example.com", role: role)
        let before = try bench.sample.store.token(of: bench.sample.account)
        let id = try ready([bench.sample.facebookID], person)
        #expect(isError(choose(id, ["act_\(bench.sample.facebookID)"], person), 409, "AD_ACCOUNT_TAKEN"))
        #expect(try bench.sample.store.token(of: bench.sample.account) == before)
        #expect(try bench.sample.store.access(to: bench.sample.account).allSatisfy { $0.role != .owner })
    }

    @Test(
        "a choice with no account, or with one that Facebook did not list, is refused",
        arguments: [[], ["act_1"], ["act_77", "1"], ["x"], ["act_77", ""]]
    )
    func choices(names: [String]) throws {
        let id = try ready(["77"])
        #expect(isError(choose(id, names), 400, "BODY_INVALID"))
        #expect(try bench.sample.store.adAccount(AccountReference("77")) == nil)
    }

    @Test("the next status request replaces a child that is gone")
    func restarted() throws {
        let (state, cookie, _) = try begin()
        bench.startError = Bench.NoProcess()
        let id = try id(callback("code=c&state=\(state)", cookie))
        bench.startError = nil
        _ = look(id)
        #expect(bench.started.count == 1)
        try bench.sql("UPDATE facebook_connections SET started_at = now() - interval '6 seconds'")
        #expect(look(id).json["connection"]["status"].string == "exchanging")
        #expect(bench.started == [.connection(id), .connection(id)])
    }

    @Test("without an app the error names the missing setting", arguments: ["connect", "callback"])
    func withoutApp(path: String) {
        #expect(isError(bench.send("GET", "/api/facebook/\(path)"), 409, "FACEBOOK_APP_MISSING"))
    }

    @Test("the status and the accounts include the known facts about a token")
    func tokenState() throws {
        let hash = [UInt8](repeating: 3, count: 32)
        let plain = bench.get("/api/sync/status").json["token"]
        #expect(plain["expiresAt"].string == nil && plain["problem"].string == nil)
        try bench.sample.store.setToken(StoredToken(bytes: [1], keyID: "k", hash: hash), of: bench.sample.account)
        try bench.sample.store.note(
            TokenReport(isValid: true, expiresAt: nil, dataAccessExpiresAt: nil, missingPermissions: ["ads_read"]),
            ofToken: hash
        )
        try bench.sql("UPDATE facebook_tokens SET expires_at = now() + interval '20 days'")
        let answer = bench.get("/api/sync/status")
        let token = answer.json["token"]
        #expect(token["missingPermissions"].list.compactMap(\.string) == ["ads_read"])
        #expect(token["expiresAt"].string != nil && token["problem"].string?.contains("ads_read") == true)
        let account = bench.get("/api/ad-accounts").json["adAccounts"].list[0]
        #expect(account["token_expires_at"].string == token["expiresAt"].string)
        #expect(account["token_problem"].string == token["problem"].string)
    }
}
