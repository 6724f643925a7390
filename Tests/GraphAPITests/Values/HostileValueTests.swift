import Foundation
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Names and numbers that nobody would expect.
@Suite struct HostileValueTests {
    @Test(
        "a name is stored unchanged, whatever it contains",
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
        "an absurd number is unknown and costs neither the row nor its neighbours",
        arguments: ["spend", "impressions", "clicks", "reach", "frequency"],
        [
            "1e400", "-1e400", "-5", #""-0.01""#, "1000000000000000000000000000000",
            #""1000000000000000000000000000000""#, "null", "NaN", "-Infinity", "01x", #""1e999999999999999999""#,
            #""NaN""#, #""Infinity""#, "true", "{}", "[1]", #""1,234""#, #""0x10""#, #""12 ""#, #""""#, "1e30",
        ]
    )
    func numbers(metric: String, wire: String) throws {
        let whole = ["spend": "14.35", "impressions": "185", "clicks": "9", "reach": "170", "frequency": "1.088235"]
        let members = whole.map { name, value in
            name == metric ? #""\#(name)":\#(wire)"# : #""\#(name)":"\#(value)""#
        }
        let rows = [insight(members.joined(separator: ",")), #"{"ad_id":"7","spend":"2"}"#]
        let pages = try Recorder([.page(rows)]).metricPages()
        let metrics = pages.flatMap(\.values)
        #expect(metrics.count == 2)
        #expect(metrics[0].results[.spend]?.description == (metric == "spend" ? nil : "14.35"))
        #expect(metrics[0].results[.impressions] == (metric == "impressions" ? nil : .count(185)))
        #expect(metrics[0].results[.clicks] == (metric == "clicks" ? nil : .count(9)))
        #expect(metrics[0].results[.reach] == (metric == "reach" ? nil : .count(170)))
        #expect(metrics[0].results[.frequency]?.description == (metric == "frequency" ? nil : "1.088235"))
        #expect(metrics[1].results[.spend]?.description == "2")
        #expect(
            pages.flatMap(\.defects).map(\.description)
                == ["the totals of ad 120208325579370399: the field \(metric) cannot be read"]
        )
    }

    @Test(
        "a number with an exponent is read exactly",
        arguments: [("1e3", "1000"), ("1.5E-3", "0.0015"), ("1e-9", "0"), ("12.50e1", "125"), ("0e99", "0")]
    )
    func exponents(wire: String, amount: String) throws {
        for wire in [wire, "\"\(wire)\""] {
            let metrics = try Recorder([.page([insight(#""spend":\#(wire)"#)])]).metrics()
            #expect(metrics.map(\.results[.spend]?.description) == [amount])
        }
        let counts = try Recorder([.page([insight(#""clicks":1.85e2,"impressions":"1e15","reach":1.5"#)])]).metrics()
        #expect(counts[0].results[.clicks] == .count(185))
        #expect(counts[0].results[.impressions] == .count(1_000_000_000_000_000))
        #expect(counts[0].results[.reach] == nil)
    }

    @Test(
        "an absurd count is ignored like an absent one",
        arguments: ["\"many\"", "-1", "[]", "null", "1e99", "3000000000", "2000001", "1e15"]
    )
    func totals(total: String) throws {
        let pages = try Recorder([.json(#"{"data":[],"summary":{"total_count":\#(total)}}"#)]).pages(.ad)
        #expect(pages.map(\.total) == [nil])
        #expect(try Recorder([.json(#"{"data":[],"summary":{}}"#)]).pages(.ad).map(\.total) == [nil])
        // A list with fewer rows than that is read again.
        let counted = try Recorder(always: .json(#"{"data":[],"summary":{"total_count":7}}"#)).pages(.ad)
        #expect(Set(counted.map(\.total)) == [7])
    }
}
