import GraphSimulator
import HTTPMessages
import Model
import TestSupport
import Testing

@testable import GraphAPI

/// Calls that the app makes in its own name.
@Suite struct AppTests {
    static let appToken = "\(GraphSimulator.appID)|\(GraphSimulator.demoAppSecret)"
    static let back = "https://ads.example.com/api/facebook/callback"
    let simulator = GraphSimulator(now: { Sample.now }, baseURL: "http://127.0.0.1/simulator", world: .small)

    private func order(_ json: String) {
        _ = simulator.respond(to: HTTPRequest(method: "POST", path: "/_control", body: Array(json.utf8)))
    }

    /// An app, and the list of requests that it sends.
    private func app(
        _ answer: ((HTTPRequest) -> HTTPResponse)? = nil
    ) -> (app: GraphApp, sent: () -> [HTTPRequest]) {
        var requests: [HTTPRequest] = []
        let clock = TestClock()
        let app = GraphApp(id: GraphSimulator.appID, secret: GraphSimulator.demoAppSecret, version: "v23.0") {
            GraphClient(
                $0,
                exchanges: SequentialExchanges { [simulator] request in
                    requests.append(request)
                    return answer?(request) ?? simulator.respond(to: request)
                },
                clock: GraphClient.Clock(now: { clock.now }, sleep: { clock.now += $0 })
            )
        }
        return (app, { requests })
    }

    private func code() throws -> String {
        let query = QueryParameters([
            .init(name: "client_id", value: GraphSimulator.appID), .init(name: "redirect_uri", value: Self.back),
            .init(name: "scope", value: "ads_read"),
        ])
        let answer = simulator.respond(to: HTTPRequest(path: "/v23.0/dialog/oauth", query: query.encoded))
        let location = try #require(answer.headers["Location"])
        let parameters = try QueryParameters(
            decoding: String(location.dropFirst(Self.back.count + 1).prefix { $0 != "#" })
        )
        return try #require(parameters["code"])
    }

    @Test("a code is exchanged for a token and that for a long-lived one, with secrets in bodies and headers only")
    func exchange() throws {
        let (app, sent) = app()
        let code = try code()
        let short = try app.token(for: code, redirectURI: Self.back)
        let long = try app.longLived(short)
        #expect(short != long)
        #expect(try app.facts(of: short).expiresAt == Timestamp(seconds: Int(Sample.now) + 5400))
        #expect(try app.facts(of: long).expiresAt == Timestamp(seconds: Int(Sample.now) + 5_183_944))
        #expect(sent().count == 4)
        let proof = GraphSimulator.proof(token: Self.appToken, appSecret: GraphSimulator.demoAppSecret)
        for request in sent() {
            #expect(request.headers["Authorization"] == "Bearer \(Self.appToken)")
            #expect(!request.target.contains(GraphSimulator.demoAppSecret) && !request.target.contains(code))
            let body = try QueryParameters(decoding: String(decoding: request.body, as: UTF8.self))
            let query = try QueryParameters(decoding: request.query)
            #expect((body.items + query.items).filter { $0.name == "appsecret_proof" }.map(\.value) == [proof])
        }
        #expect(sent().prefix(2).allSatisfy { $0.method == "POST" && $0.query.isEmpty })
    }

    @Test("facts about a token: its expiry, missing permissions, and validity")
    func facts() throws {
        let (app, _) = app()
        let demo = try app.facts(of: GraphSimulator.demoToken)
        #expect(demo.isValid && !demo.isOfUser && demo.expiresAt == nil && demo.dataAccessExpiresAt == nil)
        #expect(demo.permissions?.contains("ads_read") == true && demo.missingPermissions.isEmpty)
        order(
            #"{"fault":"token_facts","expires_in":864000,"data_access_expires_in":1000000,"scopes":"public_profile"}"#
        )
        let ordered = try app.facts(of: GraphSimulator.demoToken)
        #expect(ordered.expiresAt == Timestamp(seconds: Int(Sample.now) + 864_000))
        #expect(ordered.dataAccessExpiresAt == Timestamp(seconds: Int(Sample.now) + 1_000_000))
        #expect(ordered.permissions == ["public_profile"])
        #expect(ordered.missingPermissions == ["ads_read"] && ordered.isValid)
        #expect(try app.facts(of: "unknown").isValid == false)
    }

    @Test(
        "odd responses are read or are errors, and never crash",
        arguments: [
            (#"{"data":{"is_valid":true,"expires_at":"1900000000","scopes":["ads_management"]}}"#, true),
            (#"{"data":{"expires_at":1e300,"data_access_expires_at":-5}}"#, true),
            (#"{"data":{}}"#, true), (#"{"data":[]}"#, false), (#"{}"#, false), ("", false),
            (#"{"data":{"scopes":"ads_read"}}"#, true), (#"{"data":{"expires_at":"soon"}}"#, true),
            (#"{"data":{"expires_at":[]}}"#, true),
        ]
    )
    func odd(body: String, isRead: Bool) throws {
        let (app, _) = app { _ in HTTPResponse(status: 200, json: body) }
        let facts = try? app.facts(of: "t")
        #expect((facts != nil) == isRead)
        #expect(facts?.missingPermissions ?? [] == [])
    }

    @Test(
        "an unreadable expiry is unknown and affects no other fact; only 0 and absence mean never",
        arguments: [#""soon""#, "[]", "-5", "1.5", "1e300", "253402300800", #""1\u0000""#, "true"]
    )
    func unreadableEnds(end: String) throws {
        let body = #"""
            {"data":{"is_valid":false,"expires_at":\#(end),"data_access_expires_at":1900000000,"scopes":[]}}
            """#
        let (app, _) = app { _ in HTTPResponse(status: 200, json: body) }
        let facts = try app.facts(of: "t")
        #expect(!facts.isValid && facts.expiresAt == nil && facts.unknown == [.expiry])
        #expect(facts.dataAccessExpiresAt == Timestamp(seconds: 1_900_000_000))
        for never in [#","expires_at":0"#, #","expires_at":"0""#, #","expires_at":null"#, ""] {
            let body = #"{"data":{"is_valid":true,"scopes":["ads_read"]\#(never)}}"#
            let (app, _) = self.app { _ in HTTPResponse(status: 200, json: body) }
            let facts = try app.facts(of: "t")
            #expect(facts.isValid && facts.expiresAt == nil && facts.unknown == [])
        }
    }

    @Test("an unreadable permission may be the one that a sync needs")
    func unreadablePermissions() throws {
        let body = #"{"data":{"is_valid":"yes","scopes":[null,"public_profile"]}}"#
        let (app, _) = app { _ in HTTPResponse(status: 200, json: body) }
        let facts = try app.facts(of: "t")
        #expect(facts.missingPermissions == [] && facts.unknown == [.validity, .permissions])
    }

    @Test("an error repeats no code, token or secret", arguments: [200, 400])
    func hidden(status: Int) throws {
        let (app, _) = app { request in
            let repeated = "\(request.headers["Authorization"] ?? "") secretcode99 shorttoken99"
            return HTTPResponse(status: status, json: #"{"error":{"message":"no \#(repeated)","code":190}}"#)
        }
        for call in [
            { _ = try app.token(for: "secretcode99", redirectURI: Self.back) },
            { _ = try app.longLived("shorttoken99") }, { _ = try app.facts(of: "shorttoken99") },
        ] {
            let error = try #require(graphError(call))
            #expect(!"\(error)".contains(GraphSimulator.demoAppSecret))
            #expect(!("\(error)".contains("secretcode99") && "\(error)".contains("shorttoken99")))
        }
        let error = try #require(graphError { _ = try app.token(for: "secretcode99", redirectURI: Self.back) })
        #expect(error.message == "no Bearer *** *** shorttoken99")
    }
}
