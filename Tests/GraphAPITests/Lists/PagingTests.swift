import HTTPMessages
import Model
import Testing

@testable import GraphAPI

@Suite struct PagingTests {
    @Test("next pages are requested by cursor; the URL in next is never followed")
    func ownURL() throws {
        let recorder = Recorder([
            .page([campaign("1")], next: "AQ=+&1"), .page([campaign("2")], next: "B"), .page([campaign("3")]),
        ])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2", "3"])
        #expect(Set(recorder.requests.map(\.path)) == ["/v23.0/act_10000000000001/campaigns"])
        #expect(try recorder.sent("after") == [nil, "AQ=+&1", "B"])
        let rest = try (0..<3).map { call in
            try recorder.parameters(call).items.filter { !["after", "summary"].contains($0.name) }
        }
        #expect(rest[1] == rest[0] && rest[2] == rest[0])
    }

    @Test(
        "a list ends only where next is absent: short and empty pages do not end it, and a lone cursor is not followed"
    )
    func end() throws {
        let recorder = Recorder([
            .page([campaign("1")], next: "a"), .page([], next: "b"), .page([], next: "c"),
            .page([campaign("2")], next: "d"),
            .json(#"{"data":[],"paging":{"cursors":{"before":"x","after":"y"}}}"#),
        ])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2"])
        #expect(recorder.requests.count == 5)
    }

    @Test(
        "a list without paging has one page",
        arguments: [#"{"data":[]}"#, #"{"data":[],"paging":{}}"#, #"{"data":[],"paging":{"cursors":{}}}"#]
    )
    func empty(body: String) throws {
        let recorder = Recorder([.json(body)])
        #expect(try recorder.campaigns().isEmpty)
    }

    @Test("a next page without a cursor is an error, not the end of the list")
    func nextWithoutCursor() {
        let recorder = Recorder(
            always: .json(#"{"data":[\#(campaign("1"))],"paging":{"next":"https://x.example/?offset=1"}}"#)
        )
        #expect(graphError { try recorder.campaigns() } != nil)
        #expect(recorder.requests.count == 5)
    }

    @Test("a cursor that occurs only in the next page's URL is read from there, and nothing else is")
    func cursorInURL() throws {
        let recorder = Recorder([
            .json(#"{"data":[\#(campaign("1"))],"paging":{"next":"https://x.example/?access_token=t&after=A%2B"}}"#),
            .page([campaign("2")]),
        ])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2"])
        #expect(try recorder.sent("after") == [nil, "A+"])
        #expect(!recorder.requests[1].target.contains("access_token"))
    }

    @Test("a list whose cursor Facebook has forgotten is restarted, twice at most")
    func forgottenCursor() throws {
        let forgotten = HTTPResponse.error(2642, message: "(#2642) Invalid cursors values")
        let recorder = Recorder([
            .page([campaign("1")], next: "a"), forgotten, .page([campaign("1")], next: "b"), .page([campaign("2")]),
        ])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2"])
        #expect(recorder.adaptations == [.restart])
        var calls = 0
        let stubborn = Recorder { _ in
            calls += 1
            return calls % 2 == 1 ? .page([campaign("1")], next: "c\(calls)") : forgotten
        }
        #expect(graphError { try stubborn.campaigns() }?.kind == .cursorInvalid)
        #expect(calls == 6)
    }

    @Test("cursors in a cycle are followed again twice, then end with an error", arguments: [1, 2, 5])
    func circle(length: Int) throws {
        struct Endless: Error {}
        var calls = 0
        let recorder = Recorder { _ in
            calls += 1
            if calls > 100 { throw Endless() }
            return .page([campaign("\(calls)")], next: "cursor\(calls % length)")
        }
        let error = try #require(graphError { try recorder.campaigns() })
        #expect(error.kind == .endless)
        #expect(calls >= 3 * length && calls <= 3 * (length + 1) + 5)
    }

    @Test("an error while pages are stored ends the reading and is passed on")
    func takerFails() {
        struct Full: Error {}
        let recorder = Recorder([.page([campaign("1")], next: "a")])
        let reading = GraphClient.objects(
            .dollars,
            level: .campaign,
            at: ListPosition(pageSize: 500),
            page: { _ in throw Full() },
            restarted: {}
        )
        #expect(throws: Full.self) { try recorder.read(reading) }
        #expect(recorder.requests.count == 1)
    }

    @Test("too much data halves the page, and no row is lost or doubled", arguments: [7, 1, 249])
    func smallerPages(most: Int) throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"reduce_data","value":\#(most)}"#)
        let ads = try graph.recorder.ads(graph.account)
        #expect(Set(ads.map(\.id)).count == 60)
        #expect(ads.count == 60)
        let limits = try graph.recorder.sent("limit")
        let halves = sequence(first: 500) { $0 > most ? max(1, $0 / 2) : nil }.map { String($0) }
        #expect(Array(limits.prefix(halves.count)) == halves)
        #expect(limits.dropFirst(halves.count).allSatisfy { $0 == halves.last })
        #expect(graph.recorder.waits.isEmpty)
    }

    @Test("a page halved in the middle of a list starts at the same row")
    func smallerInTheMiddle() throws {
        let reduce = HTTPResponse.error(1, status: 500, message: "Please reduce the amount of data you're asking for")
        let recorder = Recorder([.page([campaign("1")], next: "a"), reduce, .page([campaign("2")])])
        #expect(try recorder.campaigns().map(\.id) == ["1", "2"])
        #expect(try recorder.sent("after") == [nil, "a", "a"])
        #expect(try recorder.sent("limit") == ["500", "500", "250"])
    }

    @Test("too much data for a page of one is given up after some waits")
    func tooMuchForOne() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"reduce_data","value":0}"#)
        #expect(graphError { try graph.recorder.ads(graph.account) }?.kind == .tooMuchData)
        #expect(graph.recorder.waits.count == 4)
        #expect(graph.recorder.requests.count == 13)
    }
}
