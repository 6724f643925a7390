import GraphSimulator
import HTTPMessages
import Model
import TestSupport
import Testing

@testable import GraphAPI

@Suite struct CredentialTests {
    @Test("the token is sent in a header, never in a request target", arguments: [nil, GraphSimulator.demoAppSecret])
    func header(appSecret: String?) throws {
        let graph = try SimulatedGraph(pageSize: 20, appSecret: appSecret)
        _ = try graph.recorder.client.adAccount(graph.account.facebookID)
        _ = try graph.recorder.ads(graph.account)
        _ = try graph.recorder.metrics(.ad, graph.account)
        #expect(graph.recorder.requests.count > 4)
        for request in graph.recorder.requests {
            #expect(request.headers["Authorization"] == "Bearer \(GraphSimulator.demoToken)")
            #expect(!request.target.contains(GraphSimulator.demoToken))
            #expect(!request.target.contains("access_token"))
            #expect(!request.target.contains(GraphSimulator.demoAppSecret))
        }
    }

    @Test("with an app secret each call has one signature, as the simulator demands, and without one none")
    func proof() throws {
        let graph = try SimulatedGraph(pageSize: 20, appSecret: GraphSimulator.demoAppSecret)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        let proof = GraphSimulator.proof(token: GraphSimulator.demoToken, appSecret: GraphSimulator.demoAppSecret)
        for call in graph.recorder.requests.indices {
            let sent = try graph.recorder.parameters(call).all("appsecret_proof")
            #expect(sent == [proof])
        }
        let unsigned = try SimulatedGraph()
        _ = try unsigned.recorder.ads(unsigned.account)
        #expect(!unsigned.recorder.requests.contains { $0.target.contains("appsecret_proof") })
    }

    @Test("the proof is the HMAC-SHA-256 of the token under the secret, in hex")
    func knownProof() throws {
        // RFC 4231, test case 2.
        let recorder = Recorder(token: "what do ya want for nothing?", appSecret: "Jefe") { _ in .page([]) }
        _ = try recorder.campaigns()
        #expect(
            try recorder.parameters(0)["appsecret_proof"]
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }

    @Test("a wrong app secret is refused and not retried")
    func wrongSecret() throws {
        let simulator = GraphSimulator(
            now: { Sample.now },
            baseURL: "http://127.0.0.1/simulator",
            world: .small,
            appSecret: "another"
        )
        let recorder = Recorder(token: GraphSimulator.demoToken, appSecret: appSecret) { simulator.respond(to: $0) }
        #expect(graphError { try recorder.campaigns() }?.kind == .appRefused)
        #expect(recorder.requests.count == 1)
    }

    @Test(
        "an error's text contains neither the token nor the app secret, even if Facebook repeats them",
        arguments: [200, 400, 500]
    )
    func hidden(status: Int) throws {
        let message = "Error validating \(token) and \(appSecret), \(token)!\\nInjected: line \(appSecret)"
        let recorder = Recorder(
            always: HTTPResponse(status: status, json: #"{"error":{"message":"\#(message)","code":190}}"#),
            appSecret: appSecret
        )
        let error = try #require(graphError { try recorder.campaigns() })
        #expect(error.kind == .tokenInvalid)
        #expect(error.message == "Error validating *** and ***, ***! Injected: line ***")
        #expect(!"\(error)".contains(token) && !"\(error)".contains(appSecret))
    }

    @Test("a long text is truncated, never so that a part of the token shows")
    func cut() throws {
        let message = String(repeating: "x", count: 290) + token + String(repeating: "y", count: 5000)
        let recorder = Recorder(always: .error(190, message: message))
        let error = try #require(graphError { try recorder.campaigns() })
        #expect(error.message.utf8.count == 300)
        #expect(!error.message.contains(token.prefix(4)))
    }

    @Test("a body that is no error object is not repeated in the error", arguments: [200, 400, 503])
    func unreadable(status: Int) throws {
        let body = "<html>\(token) \(appSecret)</html>"
        let recorder = Recorder(always: HTTPResponse(status: status, body: Array(body.utf8)), appSecret: appSecret)
        let error = try #require(graphError { try recorder.campaigns() })
        #expect(!"\(error)".contains(token) && !"\(error)".contains(appSecret) && !"\(error)".contains("<"))
    }

    @Test("a network fault whose text contains the token does not pass it on")
    func transport() throws {
        struct Unreachable: Error, CustomStringConvertible { let description: String }
        let recorder = Recorder(appSecret: appSecret) { _ in
            throw Unreachable(description: "no route; sent Bearer \(token) signed with \(appSecret)")
        }
        let error = try #require(graphError { try recorder.campaigns() })
        #expect(error.message.contains("no route"))
        #expect(!"\(error)".contains(token) && !"\(error)".contains(appSecret))
    }
}
