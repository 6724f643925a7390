import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct LoginTests {
    static let back = "http://127.0.0.1:8080/api/facebook/callback"
    let bench = Bench()

    private func dialog(_ more: [String: String] = [:]) -> HTTPResponse {
        let query = [
            "client_id": GraphSimulator.appID, "redirect_uri": Self.back, "state": "s1", "scope": "ads_read",
            "response_type": "code",
        ]
        return bench.send("GET", "/v23.0/dialog/oauth", query.merging(more) { $1 })
    }

    /// The parameters that the dialog's response carries back.
    private func answer(_ response: HTTPResponse) throws -> QueryParameters {
        let location = try #require(response.headers["Location"])
        #expect(response.status == 302 && location.hasPrefix(Self.back + "?"))
        return try QueryParameters(decoding: String(location.dropFirst(Self.back.count + 1).prefix { $0 != "#" }))
    }

    private func exchange(_ more: [String: String]) -> [String: Any] {
        let form = [
            "client_id": GraphSimulator.appID, "client_secret": GraphSimulator.demoAppSecret,
            "redirect_uri": Self.back,
        ]
        let items = form.merging(more) { $1 }.map { QueryParameters.Item(name: $0.key, value: $0.value) }
        return Bench.object(bench.send("POST", "/v23.0/oauth/access_token", body: QueryParameters(items).encoded))
    }

    private func subcode(_ answer: [String: Any]) -> Int? {
        (answer["error"] as? [String: Any])?["error_subcode"] as? Int
    }

    private func facts(of token: String) -> [String: Any] {
        let response = bench.simulator.respond(
            to: HTTPRequest(
                path: "/v23.0/debug_token",
                query: "input_token=\(token)",
                headers: ["Authorization": "Bearer \(GraphSimulator.appID)|\(GraphSimulator.demoAppSecret)"]
            )
        )
        return Bench.object(response)["data"] as? [String: Any] ?? [:]
    }

    @Test("a code gives one token, which gives one that lives for 60 days")
    func tokens() throws {
        let code = try #require(try answer(dialog())["code"])
        #expect(try answer(dialog())["state"] == "s1")
        let short = try #require(exchange(["code": code])["access_token"] as? String)
        #expect(subcode(exchange(["code": code])) == 36_009)
        let long = try #require(
            exchange(["grant_type": "fb_exchange_token", "fb_exchange_token": short])["access_token"] as? String
        )
        #expect(facts(of: short)["expires_at"] as? Int == Int(testTime) + 5400)
        #expect(facts(of: long)["expires_at"] as? Int == Int(testTime) + 5_183_944)
        #expect(facts(of: long)["scopes"] as? [String] == ["ads_read", "public_profile"])
        #expect(facts(of: long + "x")["is_valid"] as? Bool == false)

        let accounts = bench.simulator.respond(
            to: HTTPRequest(path: "/v23.0/me/adaccounts", headers: ["Authorization": "Bearer \(long)"])
        )
        #expect(accounts.status == 200)
        bench.time += 6_000_000
        #expect(facts(of: long)["is_valid"] as? Bool == false)
    }

    @Test("a code is refused with another address, with another secret, and when it is old")
    func refusals() throws {
        let code = try #require(try answer(dialog())["code"])
        #expect(subcode(exchange(["code": code, "redirect_uri": "http://127.0.0.1/other"])) == 36_008)
        #expect(exchange(["code": code, "client_secret": "wrong"])["access_token"] == nil)
        #expect(exchange(["code": "AQSimxyz"])["access_token"] == nil)
        bench.time += 601
        #expect(subcode(exchange(["code": code])) == 36_007)
    }

    @Test("the person can decline, or withhold a permission")
    func denial() throws {
        _ = bench.send("POST", "/_control", body: #"{"fault":"login","denied":true}"#)
        let denied = try answer(dialog())
        #expect(denied["error"] == "access_denied" && denied["code"] == nil && denied["state"] == "s1")
        _ = bench.send("POST", "/_control", body: #"{"fault":"login","scopes":"public_profile"}"#)
        let code = try #require(try answer(dialog())["code"])
        let token = try #require(exchange(["code": code])["access_token"] as? String)
        let accounts = bench.simulator.respond(
            to: HTTPRequest(path: "/v23.0/me/adaccounts", headers: ["Authorization": "Bearer \(token)"])
        )
        #expect(accounts.status == 403)
    }
}
