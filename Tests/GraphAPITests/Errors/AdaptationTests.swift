import HTTPMessages
import Model
import Testing

@testable import GraphAPI

private let reduce = HTTPResponse.error(1, status: 500, message: "Please reduce the amount of data you're asking for")

/// How a list is requested after Facebook refused a form of the request.
@Suite struct AdaptationTests {
    private func fields(_ recorder: Recorder) throws -> [[Substring]] {
        try recorder.sent("fields").map { ($0 ?? "").split(separator: ",") }
    }

    @Test("each page carries what was learned on the way, so that the next run begins with it")
    func remembered() throws {
        let recorder = Recorder([
            reduce,
            .error(100, message: "(#100) Tried accessing nonexisting field (bid_strategy) on node type (Campaign)"),
            .page([campaign("1")], next: "a"), reduce, .page([campaign("2")]),
        ])
        var positions: [ListPosition] = []
        try recorder.read(
            GraphClient.objects(
                .dollars,
                level: .campaign,
                at: ListPosition(pageSize: 300),
                page: { positions.append($0.next) },
                restarted: {}
            )
        )
        #expect(
            positions == [
                ListPosition(pageSize: 150, refusedFields: ["bid_strategy"], cursor: "a"),
                ListPosition(pageSize: 75, refusedFields: ["bid_strategy"], cursor: "a"),
            ]
        )
    }

    @Test("a list continues from the stored position, in the stored form")
    func resumed() throws {
        let recorder = Recorder([.page([campaign("7")])])
        var position = ListPosition(pageSize: 40, refusedFields: ["objective"], cursor: "there")
        (position.rowsBefore, position.totalBefore) = (6, 7)
        #expect(try recorder.campaigns(at: position).map(\.id) == ["7"])
        #expect(try recorder.sent("limit") == ["40"])
        #expect(try recorder.sent("after") == ["there"])
        #expect(try recorder.sent("summary") == [nil])
        #expect(try !fields(recorder)[0].contains("objective"))
    }

    @Test("a stored cursor that Facebook has forgotten costs nothing: the list restarts")
    func resumedTooLate() throws {
        let recorder = Recorder([.error(2642), .page([campaign("1")], next: "a"), .page([campaign("2")])])
        #expect(try recorder.campaigns(at: ListPosition(pageSize: 40, cursor: "old")).map(\.id) == ["1", "2"])
        #expect(try recorder.sent("after") == ["old", nil, "a"])
    }

    @Test("fields refused by name are omitted one after the other, and no others")
    func refusedByName() throws {
        let refused = ["bid_strategy", "name", "stop_time"]
        let graph = try SimulatedGraph(pageSize: 4)
        for field in refused { graph.order(#"{"fault":"field_refused","field":"\#(field)"}"#) }
        let campaigns = try graph.recorder.campaigns(graph.account)
        #expect(campaigns.count == 6)
        #expect(campaigns.allSatisfy { $0.name.isEmpty && $0.bidStrategy == nil && $0.createdAt != nil })
        #expect(graph.recorder.adaptations.count == 3)
        #expect(graph.recorder.waits.isEmpty)
        let last = try #require(try fields(graph.recorder).last).map(String.init)
        #expect(last == CampaignObject.fields.filter { !refused.contains($0) })
    }

    @Test("insights continue without a refused metric and keep the others")
    func refusedMetric() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"reach"}"#)
        graph.order(#"{"fault":"field_refused","field":"frequency"}"#)
        let rows = try graph.recorder.metrics(.ad, graph.account)
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.results[.reach] == nil && $0.results[.frequency] == nil })
        #expect(rows.contains { $0.results[.spend] != .amount(.zero) })
        #expect(graph.recorder.adaptations == [.withoutFields(["reach"]), .withoutFields(["frequency"])])
    }

    @Test("any metric can be omitted, and is then unknown", arguments: ["spend", "impressions", "clicks"])
    func refusedMetric(field: String) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"\#(field)"}"#)
        let rows = try graph.recorder.metrics(.ad, graph.account)
        #expect(!rows.isEmpty)
        for row in rows {
            #expect((row.results[.spend] == nil) == (field == "spend"))
            #expect((row.results[.impressions] == nil) == (field == "impressions"))
            #expect((row.results[.clicks] == nil) == (field == "clicks"))
        }
        #expect(graph.recorder.adaptations == [.withoutFields([field])])
    }

    @Test("a row's id cannot be omitted")
    func neededField() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"field_refused","field":"ad_id"}"#)
        #expect(graphError { try graph.recorder.metrics(.ad, graph.account) }?.kind == .fieldRefused(["ad_id"]))
        #expect(graph.recorder.requests.count == 1)
    }

    @Test("ids cannot be omitted", arguments: ["id", "adset_id", "campaign_id"])
    func neededID(field: String) throws {
        let recorder = Recorder([
            .error(100, message: "(#100) Tried accessing nonexisting field (\(field)) on node type (Ad)")
        ])
        #expect(graphError { try recorder.ads() }?.kind == .fieldRefused([field]))
    }

    @Test("a refusal of a field that was not requested ends the reading")
    func foreignField() throws {
        let recorder = Recorder(
            always: .error(100, message: "(#100) Tried accessing nonexisting field (colour) on node type (Ad)")
        )
        #expect(graphError { try recorder.ads() }?.kind == .fieldRefused(["colour"]))
    }

    @Test(
        "a refusal inside a field, or of one unreadable creative, costs that field",
        arguments: [
            HTTPResponse.error(
                100,
                message: "(#100) Tried accessing nonexisting field (object_type) on node type (AdCreative)"
            ),
            .error(100, subcode: 2_446_289), .error(100, subcode: 2_446_211), .error(100, subcode: 1_443_048),
        ]
    )
    func creative(refusal: HTTPResponse) throws {
        let row = #"{"id":"1","adset_id":"2","campaign_id":"3"}"#
        let recorder = Recorder([refusal, .page([row])])
        #expect(try recorder.ads().map(\.id) == ["1"])
        #expect(recorder.adaptations == [.withoutFields(["creative"])])
        #expect(try #require(try recorder.sent("fields")[1]).hasSuffix("updated_time"))
    }

    @Test("a persistent unknown error reduces the page once, and the reading ends after five attempts")
    func unknownError() throws {
        let recorder = Recorder(always: .error(1, status: 500))
        #expect(graphError { try recorder.campaigns() }?.kind == .transient)
        #expect(recorder.adaptations == [.smallerPage])
        #expect(try recorder.sent("limit") == ["500", "500", "500", "250", "250"])
    }

    @Test("a response that is too large for us is requested in smaller pages")
    func tooLarge() throws {
        struct TooLarge: TransportFailure { let isTooLarge: Bool }
        let recorder = Recorder { request in
            let limit = (try? QueryParameters(decoding: request.query))?["limit"].flatMap { Int($0) } ?? 0
            guard limit <= 125 else { throw TooLarge(isTooLarge: true) }
            return .page([campaign("1")])
        }
        #expect(try recorder.campaigns().count == 1)
        #expect(try recorder.sent("limit") == ["500", "250", "125"])
        #expect(recorder.waits.isEmpty)
        let broken = Recorder { _ in throw TooLarge(isTooLarge: false) }
        #expect(graphError { try broken.campaigns() }?.kind == .transient)
        #expect(broken.adaptations.isEmpty)
    }
}
