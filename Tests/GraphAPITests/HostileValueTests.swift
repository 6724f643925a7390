import Foundation
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Names and numbers that nobody would expect.
@Suite struct HostileValueTests {
    @Test(
        "a name is what it is, whatever it holds",
        arguments: [
            "'; DROP TABLE ads; --", "<script>alert(1)</script>", "\u{202E}evil\u{202C} \u{202F}", "a\tb\nc\r\n\\N\\.",
            "👩‍👩‍👧‍👦 🇺🇳 e\u{301}", "{}[]\"error\":{\"code\":190}", "%00%0a &#0; ${x} \\u0041",
            String(repeating: "🚀", count: 5000), " ",
            "", "\u{FFFD}\u{FFFF}\u{10FFFF}",
        ]
    )
    func names(name: String) throws {
        let graph = try SimulatedGraph(pageSize: 25)
        let id = try #require(try graph.recorder.ads(graph.account).dropFirst(30).first).id
        let order = try JSONSerialization.data(withJSONObject: ["fault": "rename", "id": id, "name": name])
        graph.order(String(decoding: order, as: UTF8.self))
        let ads = try graph.recorder.ads(graph.account)
        #expect(ads.count == 60)
        #expect(ads.first { $0.id == id }.map { Array($0.name.unicodeScalars) } == Array(name.unicodeScalars))
    }

    @Test(
        "an absurd number is an answer that cannot be read, and never a row with another number",
        arguments: ["spend", "impressions", "clicks", "reach", "frequency"],
        [
            "1e400", "-1e400", "-5", #""-0.01""#, "1000000000000000000000000000000",
            #""1000000000000000000000000000000""#,
            #""NaN""#, #""Infinity""#, "true", "{}", "[1]", #""1,234""#, #""0x10""#, #""12 ""#, #""""#, "1e30",
        ]
    )
    func numbers(metric: String, wire: String) {
        let recorder = Recorder(always: .page([insight(#""\#(metric)":\#(wire)"#)]))
        #expect(graphError { try recorder.metrics() }?.kind == .transient)
        #expect(recorder.requests.count == 5)
    }

    @Test("an absurd number that passes is survived")
    func passing() throws {
        let recorder = Recorder([.page([insight(#""spend":1e400"#)]), .page([insight(#""spend":"14.35""#)])])
        #expect(try recorder.metrics().map(\.results.spent.description) == ["14.35"])
    }

    @Test("one bad row fails its page, and the rows beside it do not come twice")
    func badRow() throws {
        let (good, bad) = (#"{"ad_id":"1","spend":"1"}"#, #"{"ad_id":"2","spend":-1}"#)
        let recorder = Recorder([.page([good, bad]), .page([good, #"{"ad_id":"2","spend":"2"}"#])])
        #expect(try recorder.metrics().map(\.objectID) == ["1", "2"])
    }

    @Test(
        "a total that is absurd fails its page, an absent one says nothing",
        arguments: [(#"{"total_count":"many"}"#, nil), (#"{}"#, []), (#"{"total_count":7}"#, [7])] as [(String, [Int]?)]
    )
    func totals(summary: String, total: [Int]?) throws {
        let recorder = Recorder(always: .json(#"{"data":[],"summary":\#(summary)}"#))
        var pages: [ListPage<Ad>]?
        let error = graphError { pages = try recorder.adPages() }
        // A list with fewer rows than that is read again.
        #expect(pages.map { Set($0.compactMap(\.total)) } == total.map { Set($0) })
        #expect((error == nil) == (total != nil))
    }
}
