import HTTPMessages
import Testing

@testable import GraphAPI

private func expired(naming version: String?) -> HTTPResponse {
    let latest = version.map { " Please update to the latest version: \($0)" } ?? ""
    return .error(2635, message: "(#2635) You are calling a deprecated version of the Ads API.\(latest)")
}

private func warnings(_ script: Script) -> [String] {
    script.events.compactMap { if case .warned(let text) = $0 { text } else { nil } }
}

@Suite struct VersionTests {
    @Test("an expired version is replaced by the one that Facebook names, with one warning to the operator")
    func replaced() throws {
        let graph = try SimulatedGraph(pageSize: 20)
        graph.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0","upgrade":false}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        let versions = graph.recorder.requests.map { $0.path.split(separator: "/")[0] }
        #expect(versions == ["v23.0"] + Array(repeating: "v25.0", count: 4))
        #expect(graph.recorder.client.version == "v25.0")
        #expect(graph.recorder.warnings.count == 1)
        #expect(graph.recorder.warnings.first?.contains("AdMirror now calls v25.0") == true)
        #expect(graph.recorder.waits.isEmpty)
    }

    @Test("pending calls of the old version are repeated with the new one, without a second warning")
    func underWay() throws {
        let script = Script { call in
            guard call.version == "v25.0" else {
                return .answer(expired(naming: "v25.0"), after: Double(call.number + 1))
            }
            return .answer(.page([row("1")]))
        }
        try script.read(everything)
        #expect(script.read == ["campaigns": ["1"], "adsets": ["1"], "ads": ["1"], "insights": ["1"]])
        #expect(
            script.calls.map(\.version) == ["v23.0", "v23.0", "v23.0", "v23.0", "v25.0", "v25.0", "v25.0", "v25.0"]
        )
        #expect(warnings(script).count == 1)
    }

    @Test(
        "refusals raise the version only, and each version is tried once",
        arguments: ["v23.0", "v25.0", "v26.0", nil]
    )
    func noPingPong(second: String?) {
        let script = Script { call in
            guard call.turn < 20 else { return .answer(.page([])) }
            return .answer(expired(naming: call.version == "v23.0" ? "v25.0" : second))
        }
        #expect(graphError { try script.read(["ads"]) }?.kind == .versionExpired(second))
        #expect(script.calls.map(\.version) == ["v23.0", "v25.0", "v26.0", "v27.0"])
    }

    @Test(
        "after a refusal that names no version, or the called one, the next version is called",
        arguments: [nil, "v23.0"]
    )
    func unnamed(named: String?) throws {
        let script = Script { call in
            .answer(call.version == "v25.0" ? .page([row("1")]) : expired(naming: named))
        }
        try script.read(["ads"])
        #expect(script.calls.map(\.version) == ["v23.0", "v24.0", "v25.0"])
    }

    @Test("a version that ends soon is warned about once for each text, and still called")
    func warned() throws {
        let graph = try SimulatedGraph(pageSize: 20)
        graph.order(#"{"fault":"version_warning","version":"v23.0","current":"v25.0"}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        #expect(graph.recorder.warnings.count == 1)
        #expect(graph.recorder.warnings.first?.contains("v25.0") == true)
        #expect(graph.recorder.requests.allSatisfy { $0.path.hasPrefix("/v23.0/") })
    }

    @Test("a version that Facebook upgraded is replaced by the one that answered, without a failing call")
    func upgraded() throws {
        let graph = try SimulatedGraph(pageSize: 20)
        graph.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0","upgrade":true}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        let versions = graph.recorder.requests.map { $0.path.split(separator: "/")[0] }
        #expect(versions == ["v23.0", "v25.0", "v25.0"])
        #expect(graph.recorder.warnings.count == 1)
    }

    @Test("fields that a version drops are omitted from its calls, after one failing call per list")
    func droppedField() throws {
        let graph = try SimulatedGraph(pageSize: 20)
        graph.order(#"{"fault":"version_drops","version":"v25.0","field":"status"}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        #expect(graph.recorder.adaptations.isEmpty)
        graph.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(try graph.recorder.ads(graph.account).count == 60)
        #expect(graph.recorder.adaptations == [.withoutFields(["status"])])
    }

    @Test("a different text is another warning, and no warning contains our secrets")
    func texts() throws {
        let script = Script { call in
            var response = HTTPResponse.page([row("1")], next: call.turn < 4 ? "n\(call.turn)" : nil)
            response.headers["X-Ad-Api-Version-Warning"] = call.turn < 3 ? "soon" : "sooner: \(token)"
            return .answer(response)
        }
        try script.read(["ads"])
        #expect(warnings(script) == ["soon", "sooner: ***"])
    }
}
