import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct VersionTests {
    let bench = Bench()

    @Test("a version can expire between calls, and return")
    func expires() {
        #expect(bench.send("GET", "/v23.0/me").status == 200)
        _ = bench.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(bench.error("me").code == 2635)
        #expect(bench.error("me").message.hasSuffix("latest version: v25.0"))
        #expect(bench.send("GET", "/v24.0/me").status == 200)
        #expect(bench.send("GET", "/v25.0/me").headers["facebook-api-version"] == "v25.0")
        _ = bench.send("DELETE", "/_control")
        #expect(bench.send("GET", "/v23.0/me").headers["facebook-api-version"] == "v23.0")
        #expect(bench.send("GET", "/me").headers["facebook-api-version"] == "v23.0")
    }

    @Test("without a named version all but the current one expire")
    func others() {
        _ = bench.order(#"{"fault":"version_expired","current":"v25.0"}"#)
        #expect(bench.send("GET", "/v24.0/me").status == 400)
        #expect(bench.send("GET", "/v25.0/me").status == 200)
    }

    @Test("the current version can answer for an expired one, and the response names it")
    func upgrades() {
        _ = bench.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0","upgrade":true}"#)
        let headers = bench.send("GET", "/v23.0/me").headers
        #expect(headers["facebook-api-version"] == "v25.0")
        #expect(
            headers["x-ad-api-version-warning"]
                == "The call has been auto-upgraded to v25.0 as v23.0 has been deprecated"
        )
    }

    @Test("a version can carry a warning before it expires")
    func warns() {
        _ = bench.order(#"{"fault":"version_warning","version":"v23.0","current":"v25.0"}"#)
        let headers = bench.send("GET", "/v23.0/me").headers
        #expect(headers["facebook-api-version"] == "v23.0")
        #expect(headers["x-ad-api-version-warning"]?.hasSuffix("as v23.0 will be deprecated") == true)
        #expect(bench.send("GET", "/v25.0/me").headers["x-ad-api-version-warning"] == nil)
    }
}
