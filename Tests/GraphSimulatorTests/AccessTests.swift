import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct AccessTests {
    private func send(_ bench: Bench, _ query: String, header: String? = nil) -> (Int, Int?, HTTPResponse) {
        var request = HTTPRequest(path: "/v23.0/\(accounts[0])", query: query)
        request.headers["Authorization"] = header
        let response = bench.simulator.respond(to: request)
        let error = Bench.object(response)["error"] as? [String: Any]
        return (response.status, error?["code"] as? Int, response)
    }

    @Test("the token is read from the header or the parameters; others are refused")
    func tokens() {
        let bench = Bench()
        #expect(send(bench, "access_token=\(GraphSimulator.demoToken)").0 == 200)
        #expect(send(bench, "", header: "Bearer \(GraphSimulator.demoToken)").0 == 200)
        #expect(send(bench, "").1 == 104)
        let wrong = send(bench, "access_token=EAAwrong")
        #expect(wrong.0 == 400)
        #expect(wrong.1 == 190)
        #expect(wrong.2.headers["WWW-Authenticate"]?.hasPrefix(#"OAuth "Facebook Platform" "invalid_token""#) == true)
    }

    @Test("a proof is HMAC-SHA256, checked with RFC 4231's second example")
    func proof() {
        #expect(
            GraphSimulator.proof(token: "what do ya want for nothing?", appSecret: "Jefe")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test("with an app secret each call needs the right proof")
    func proofs() {
        let bench = Bench(appSecret: GraphSimulator.demoAppSecret)
        let token = "access_token=\(GraphSimulator.demoToken)"
        let proof = GraphSimulator.proof(token: GraphSimulator.demoToken, appSecret: GraphSimulator.demoAppSecret)
        #expect(send(bench, token).1 == 100)
        #expect(send(bench, "\(token)&appsecret_proof=00").1 == 100)
        #expect(send(bench, "\(token)&appsecret_proof=\(proof)").0 == 200)
        // From RFC 4231's second test case.
        #expect(
            GraphSimulator.proof(token: "what do ya want for nothing?", appSecret: "Jefe")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test("debug_token distinguishes valid tokens from others")
    func debugToken() {
        let bench = Bench()
        let isValid = { (token: String) in
            (bench.get("debug_token", ["input_token": token])["data"] as? [String: Any])?["is_valid"] as? Bool
        }
        #expect(isValid(GraphSimulator.demoToken) == true)
        #expect(isValid("other") == false)
    }

    @Test("an expired version is refused or upgraded with a warning")
    func versions() {
        let bench = Bench()
        #expect(bench.send("GET", "/v23.0/me").headers["facebook-api-version"] == "v23.0")
        #expect(bench.send("GET", "/me").status == 200)
        bench.simulator.expiredVersions = ["v23.0"]
        bench.simulator.currentVersion = "v26.0"
        #expect(bench.error("me").code == 2635)
        bench.simulator.upgradesExpiredVersions = true
        let upgraded = bench.send("GET", "/v23.0/me")
        #expect(upgraded.headers["facebook-api-version"] == "v26.0")
        #expect(upgraded.headers["x-ad-api-version-warning"]?.contains("auto-upgraded to v26.0") == true)
    }

    @Test("the documented headers report the usage")
    func usage() throws {
        let bench = Bench()
        let headers = bench.send("GET", "/v23.0/\(accounts[0])/insights", ["date_preset": "today"]).headers
        let business = try #require(headers["x-business-use-case-usage"])
        let usage = try JSONSerialization.jsonObject(with: Data(business.utf8)) as? [String: [[String: Any]]]
        #expect(usage?[World.demo.accounts[0].id]?.first?["type"] as? String == "ads_insights")
        for name in ["x-app-usage", "x-ad-account-usage", "x-fb-ads-insights-throttle"] {
            #expect(headers[name] != nil)
        }
        #expect(bench.send("GET", "/v23.0/\(accounts[0])").headers["x-fb-ads-insights-throttle"] == nil)
    }
}
