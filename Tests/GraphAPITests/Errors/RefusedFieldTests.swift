import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Fields that Facebook refuses, in any wording, are omitted, and nothing else is.
@Suite struct RefusedFieldTests {
    @Test(
        "refused names are found in every form of the text",
        arguments: [
            ("(#100) Tried accessing nonexisting field (x_y) on node type (AdSet)", ["x_y"]),
            ("Tried accessing non-existent fields (x, y) on node type (Ad)", ["x", "y"]),
            ("(#100) Tried accessing nonexisting field (creative.object_type) on node type (Ad)", ["object_type"]),
            ("(#100) reach is not valid for fields param. please check https://x/ads_insights", ["reach"]),
            ("(#100) reach, action_values are not valid for fields param. please check", ["reach", "action_values"]),
            (
                "(#100) reach, frequency and action_values are not valid for the fields param",
                ["reach", "frequency", "action_values"]
            ),
            ("Facebook: (#100) 'reach','frequency' are not valid for fields param", ["reach", "frequency"]),
            ("(#12) bid_info field is deprecated for versions v23.0 and higher", ["bid_info"]),
            ("(#12) a_b, c_d fields are deprecated for versions v24.0 and higher", ["a_b", "c_d"]),
            ("(#100) For field 'objective': You need a permission", ["objective"]),
            ("(#10) The field 'owner' requires business_management", ["owner"]),
            ("(#100) The fields reach and frequency are no longer supported", ["reach", "frequency"]),
            ("(#200) Ad account owner has NOT grant ads_management or ads_read permission", []),
            ("(#100) Invalid parameter", []), ("(#3) App must be on whitelist", []),
            ("User request limit reached", []),
            ("(#12) REST API is deprecated for versions v2.1 and higher", []),
        ] as [(String, [String])]
    )
    func named(text: String, names: [String]) {
        #expect(RefusedFields.named(in: text) == names)
    }

    @Test("fields that Facebook lists as valid do not count as refused")
    func valid() {
        let text = "(#100) bad_name must be one of {campaign_id, spend}. All available values are: ad_id"
        #expect(RefusedFields.mentioned(in: text) == ["bad_name"])
    }

    @Test(
        "fields named in the text are omitted at once, and only they",
        arguments: ["plural", "deprecated", "for_field", "usual"],
        ["objective", "bid_strategy,objective", "name,status,stop_time"]
    )
    func byName(wording: String, fields: String) throws {
        let graph = try SimulatedGraph(pageSize: 4)
        graph.order(#"{"fault":"field_refused","field":"\#(fields)","wording":"\#(wording)"}"#)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        let refused = Set(fields.split(separator: ",").map(String.init))
        let last = try #require(try graph.recorder.sent("fields").last.flatMap { $0 })
        #expect(last.split(separator: ",").map(String.init) == CampaignObject.fields.filter { !refused.contains($0) })
        // One failing call for all names if the text has them all, otherwise one per name.
        let failures = graph.recorder.requests.count - 2
        #expect(failures == (wording == "plural" ? 1 : refused.count))
    }

    @Test(
        "a refusal without a name is found by halving, in one failing call more than halvings",
        arguments: ["capability", "permission", "silent"],
        CampaignObject.fields.dropFirst()
    )
    func byHalving(wording: String, field: String) throws {
        let graph = try SimulatedGraph(pageSize: 4)
        graph.order(#"{"fault":"field_refused","field":"\#(field)","wording":"\#(wording)","edge":"campaigns"}"#)
        #expect(try graph.recorder.campaigns(graph.account).count == 6)
        #expect(graph.recorder.adaptations == [.withoutFields([field])])
        let last = try #require(try graph.recorder.sent("fields").last.flatMap { $0 })
        #expect(last.split(separator: ",").map(String.init) == CampaignObject.fields.filter { $0 != field })
        // Two pages; the first failure, the bare probe, and at most four halvings of eleven.
        #expect(graph.recorder.requests.count <= 2 + 2 + 4)
    }

    @Test("several fields refused without a name are all found", arguments: ["campaigns", "ads"])
    func several(edge: String) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"name,status,created_time","code":10,"edge":"\#(edge)"}"#)
        if edge == "ads" {
            #expect(try graph.recorder.ads(graph.account).count == 60)
        } else {
            #expect(try graph.recorder.campaigns(graph.account).count == 6)
        }
        let left = graph.recorder.adaptations.reduce(into: Set<String>()) { left, adaptation in
            if case .withoutFields(let names) = adaptation { left.formUnion(names) }
        }
        #expect(left == ["name", "status", "created_time"])
    }

    @Test("the search also covers insights and their reports", arguments: [false, true])
    func insights(isReport: Bool) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"frequency","wording":"silent","path":"insights"}"#)
        let rows = try graph.recorder.metrics(.ad, graph.account, report: ReportUse(isWanted: isReport))
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.results[.frequency] == nil })
        #expect(rows.contains { $0.results[.reach] != nil })
        #expect(graph.recorder.adaptations == [.withoutFields(["frequency"])])
    }

    @Test("account facts are read without a refused name or status", arguments: ["name", "account_status"])
    func account(field: String) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"\#(field)","code":3}"#)
        let summary = try graph.recorder.client.adAccount(graph.account.facebookID)
        #expect(summary.currency == graph.account.currency)
        #expect((summary.status == nil) == (field == "account_status"))
    }

    @Test(
        "a permission missing for the whole account is still recognised, with one probe and one more call",
        arguments: [10, 200, 294, 3]
    )
    func wholeAccount(code: Int) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"error","code":\#(code),"status":403}"#)
        let error = try #require(graphError { try graph.recorder.campaigns(graph.account) })
        #expect(error.code == code)
        #expect(error.kind == (code == 3 ? .fieldRefused([]) : .permissionMissing))
        #expect(graph.recorder.requests.count == 2)
        #expect(try graph.recorder.sent("fields")[1] == "id")
    }

    @Test("when all lists are refused at the same time, one of them searches for the reason")
    func simultaneous() {
        let script = Script { _ in .answer(.error(200, status: 403)) }
        #expect(graphError { try script.read(everything) }?.kind == .permissionMissing)
        #expect(script.calls.count == everything.count + 1)
    }

    @Test("lists that wait for another list's search continue once it has found a field")
    func parked() throws {
        let gated = ["campaigns": "objective", "adsets": "bid_amount", "ads": "creative{id,object_type}"]
        let script = Script { call in
            let fields = call.query?["fields"] ?? ""
            guard let field = gated[call.edge], fields.contains(field) else {
                return .answer(.page([row("1")]))
            }
            return .answer(.error(3))
        }
        try script.read(everything)
        #expect(script.read == ["campaigns": ["1"], "adsets": ["1"], "ads": ["1"], "insights": ["1"]])
    }

    @Test(
        "a refusal of a required field ends the reading with an error that names the field",
        arguments: ["plural", "deprecated", "for_field"]
    )
    func needed(wording: String) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"adset_id","wording":"\#(wording)"}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .fieldRefused(["adset_id"]))
        #expect(graph.recorder.requests.count == 1)
    }

    @Test("a rate limit during a search is honoured as usual")
    func limit() throws {
        let recorder = Recorder([.error(3), .error(17)])
        #expect(graphError { try recorder.campaigns() }?.kind == .rateLimited(.account, seconds: 300))
        #expect(recorder.requests.count == 2)
    }

    @Test("without creatives in the request, an unreadable object has nothing to do with them")
    func adSets() throws {
        let recorder = Recorder(always: .error(100, subcode: 2_446_289))
        let error = try #require(graphError { try recorder.adSets() })
        #expect(error.kind == .objectUnreadable)
        #expect(error.path?.hasSuffix("/adsets") == true)
        #expect(recorder.adaptations.isEmpty)
    }
}

@Suite struct FieldSearchTests {
    @Test("any one field of any number is found in log₂ n probes and the bare one", arguments: 1...20)
    func one(count: Int) {
        let fields = (0..<count).map { "f\($0)" }
        for culprit in fields {
            var search = FieldSearch(fields)
            var probes = 0
            var found: String?
            while found == nil, probes < 100 {
                probes += 1
                let outcome = search.note(works: search.leftOut.contains(culprit))
                if case .found(let name) = outcome { found = name }
            }
            #expect(found == culprit)
            #expect(
                Double(probes) <= 1 + (Double(count).binade == Double(count) ? 0 : 1) + Double(Double(count).exponent)
            )
        }
    }

    @Test("a call that fails without any of the fields has another reason")
    func none() {
        var search = FieldSearch(["a", "b"])
        #expect(search.leftOut == ["a", "b"])
        #expect(search.note(works: false) == .isNoField)
    }
}
