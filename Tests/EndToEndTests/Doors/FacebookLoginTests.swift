import Foundation
import HTTPMessages
import Postgres
import Testing

/// A person connects an ad account in the browser: through nginx, with the real programs, in the simulator's dialog.
@Suite struct FacebookLoginTests {
    private let stack: Stack

    init() throws {
        stack = try Stack()
    }

    /// A page that a browser opens with these cookies.
    private func open(_ target: String, _ cookie: String) throws -> HTTPResponse {
        try stack.send("GET", target, token: .some(nil), headers: cookie.isEmpty ? [] : [("Cookie", cookie)])
    }

    private func cookie(_ response: HTTPResponse) throws -> String {
        guard let line = response.headers["Set-Cookie"] else { throw Failure("no cookie: \(response.text)") }
        return String(line.prefix { $0 != ";" })
    }

    /// The target of a redirect, without host and fragment.
    private func next(_ response: HTTPResponse) throws -> String {
        guard response.status == 302, let location = response.headers["Location"] else {
            throw Failure("\(response.status): \(response.text)")
        }
        return location.replacing("http://127.0.0.1:\(stack.port)", with: "")
    }

    private func signIn() throws -> String {
        let password = try stack.secret("password")
        let answer = try stack.send(
            "POST",
            "/api/session",
            token: .some(nil),
            headers: [("Content-Type", "application/json")],
            body: #"{"email":"admin@localhost.localdomain","password":"\#(password)"}"#
        )
        return try cookie(answer)
    }

    private func connection(_ id: String, _ session: String) throws -> [String: Any] {
        let answer = try open("/api/facebook/connection?id=\(id)", session)
        guard let connection = try answer.json()["connection"] as? [String: Any] else { throw Failure(answer.text) }
        return connection
    }

    /// The secret of the simulator's app, and the prefix of its user tokens.
    private func secrets(_ code: String) throws -> [String] {
        [code, "EAASim", try stack.secret("simulator_app_secret")]
    }

    @Test(
        "a short-lived token that the operator sets is exchanged, and Facebook's facts about it are stored at once"
    )
    func exchanged() throws {
        // Such a token is what Facebook's own tools issue.
        let back = "http://127.0.0.1:\(stack.port)/elsewhere"
        let app = try stack.setting("FACEBOOK_APP_ID")
        let dialog = try open(
            "/simulator/v23.0/dialog/oauth?client_id=\(app)&redirect_uri=\(QueryParameters.encode(back))&scope=ads_read",
            ""
        )
        let query = try QueryParameters(
            decoding: String(try next(dialog).prefix { $0 != "#" }.split(separator: "?")[1])
        )
        let form = QueryParameters([
            .init(name: "client_id", value: app), .init(name: "redirect_uri", value: back),
            .init(name: "client_secret", value: try stack.secret("simulator_app_secret")),
            .init(name: "code", value: try #require(query["code"])),
        ])
        let answer = try stack.send(
            "POST",
            "/simulator/v23.0/oauth/access_token",
            headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: form.encoded
        )
        let short = try #require(try answer.json()["access_token"] as? String)

        let result = try stack.admirror("account", "set-token", Stack.yen, input: short + "\n")
        #expect(
            result.status == 0 && result.errors.contains("was exchanged for one with a longer life"),
            "\(result.errors)"
        )
        #expect(!(result.output + result.errors).contains("EAASim"))
        let days = try stack.number(
            """
            SELECT extract(day FROM t.expires_at - now())::int FROM facebook_tokens t
            JOIN ad_accounts a ON a.facebook_token_hash = t.hash WHERE a.facebook_account_id = \(Stack.yen)
            """
        )
        #expect(days == 59)
        #expect(try stack.postSync(Stack.yen).status == 202)
        try stack.waitForSync(Stack.yen)
        let status = try stack.send("GET", "/api/sync/status?adAccountId=\(Stack.yen)").json()
        #expect(status["syncError"] is NSNull && status["syncStatus"] as? String == "idle")
        stack.stop()
    }

    @Test(
        "many connections begun while Facebook is slow share one child, which may also serve the next"
    )
    func again() throws {
        let session = try signIn()
        // The children counted below serve connections; children that read history are excluded.
        try stack.waitForChildren()
        try stack.order(#"{"fault":"latency","value":4000,"path":"oauth/access_token"}"#)
        var ids: [String] = []
        for _ in 0..<8 {
            let begun = try open("/api/facebook/connect", session)
            let back = try next(try open(try next(begun), "")).prefix { $0 != "#" }
            let page = try next(try open(String(back), try cookie(begun)))
            ids.append(String(page.dropFirst("/#/settings?connection=".count)))
        }
        func children() -> Int { Command.processes(named: "admirror-sync", with: stack.state.path).count }
        try eventually("one child is left, which waits for Facebook", seconds: 4) { children() == 1 }
        let states = try ids.map { try connection($0, session)["status"] as? String }
        #expect(states == Array(repeating: "failed", count: 7) + ["exchanging"])
        _ = try stack.send("DELETE", "/simulator/_control")
        try eventually("the last one goes on when the child of the first is gone", seconds: 30) {
            try connection(ids[7], session)["status"] as? String == "ready"
        }
        stack.stop()
    }

    @Test("connect, dialog, callback, choice, first sync; and no secret in any log, argument or environment")
    func whole() throws {
        #expect(try stack.admirror("account", "remove", Stack.yen, "--yes").status == 0)
        let session = try signIn()
        let begun = try open("/api/facebook/connect", session)
        let browser = try cookie(begun)
        let dialog = try next(begun)
        #expect(dialog.hasPrefix("/simulator/v23.0/dialog/oauth?"))

        // The calls are slow so that the child can be inspected. A navigation from another site does not carry the
        // session cookie.
        try stack.order(#"{"fault":"latency","value":1500,"path":"oauth/access_token"}"#)
        let back = try next(try open(dialog, "")).prefix { $0 != "#" }
        #expect(back.hasPrefix("/api/facebook/callback?"))
        let query = try QueryParameters(decoding: String(back.split(separator: "?")[1]))
        let code = try #require(query["code"])
        #expect(try open(String(back), "").code == "CONNECTION_STATE_INVALID")
        let page = try next(try open(String(back), browser))
        #expect(page.hasPrefix("/#/settings?connection="))
        let id = String(page.dropFirst("/#/settings?connection=".count))
        #expect(try open(String(back), browser).code == "CONNECTION_STATE_INVALID")

        var isSeen = false
        try eventually("the connection is ready") {
            for process in Command.processes(named: "admirror-sync", with: stack.state.path) {
                for name in ["cmdline", "environ"] {
                    let data = FileManager.default.contents(atPath: "/proc/\(process)/\(name)") ?? Data()
                    let text = String(decoding: data, as: UTF8.self)
                    isSeen = isSeen || text.contains(id)
                    for secret in try secrets(code) { #expect(!text.contains(secret), "\(name)") }
                }
            }
            return try connection(id, session)["status"] as? String != "exchanging"
        }
        #expect(isSeen)
        let ready = try connection(id, session)
        #expect(ready["status"] as? String == "ready", "\(ready)")
        let accounts = ready["adAccounts"] as? [[String: Any]] ?? []
        #expect(accounts.count == 3)
        let connected = accounts.filter { $0["connected"] as? Bool == true }.compactMap { $0["facebook_id"] as? String }
        #expect(Set(connected) == [Stack.dollars, Stack.euros])

        let chosen = try stack.send(
            "POST",
            "/api/facebook/connection",
            token: .some(nil),
            headers: [
                ("Content-Type", "application/json"), ("Cookie", session), ("Sec-Fetch-Site", "same-origin"),
            ],
            body: #"{"id":"\#(id)","adAccounts":["act_\#(Stack.yen)"]}"#
        )
        #expect(chosen.text == #"{"connected":["act_\#(Stack.yen)"]}"#)
        try stack.waitForSync(Stack.yen)
        let rows = try open("/api/campaigns?adAccountId=act_\(Stack.yen)", session)
        #expect((try rows.json()["campaigns"] as? [Any] ?? []).isEmpty == false, "\(rows.text.prefix(300))")
        let status = try open("/api/sync/status?adAccountId=\(Stack.yen)", session).json()
        #expect(status["syncStatus"] as? String == "idle" && status["syncError"] is NSNull)
        let token = status["token"] as? [String: Any] ?? [:]
        #expect(token["expiresAt"] is String && token["problem"] is NSNull)

        // The command line also reports a token that ends soon.
        try stack.database().execute("UPDATE facebook_tokens SET expires_at = now() + interval '3 days'")
        #expect(try stack.admirror("status").output.contains("\(Stack.yen): The access token expires on "))

        let logs = stack.state.appending(path: "log")
        let files = try FileManager.default.contentsOfDirectory(atPath: logs.path)
        #expect(files.contains("nginx-access.log") && files.contains("sync.log"))
        for file in files {
            let text = String(
                decoding: FileManager.default.contents(atPath: logs.path + "/" + file) ?? Data(),
                as: UTF8.self
            )
            for secret in try secrets(code) { #expect(!text.contains(secret), "\(file)") }
            if file == "nginx-access.log" { #expect(text.contains(#"target="/api/facebook/callback?***""#)) }
        }
        stack.stop()
    }
}
