import Foundation
import Model
import Testing

@testable import GraphAPI

/// `results` of insights, in every form.
@Suite struct ResultListTests {
    /// Number, indicator and mix of a row with this list, and whether damage was recorded.
    private func read(_ list: String) throws -> (parts: [String?], isDamaged: Bool) {
        var page: ListPage<ObjectTotals>?
        page = try Recorder([.page([insight(#""spend":"1","results":\#(list)"#)])]).metricPages(.ad).first
        let row = try #require(page?.values.first)
        #expect(row.results[.spend]?.description == "1")
        let parts = [Metric.results, .resultIndicator, .resultMix].map { row.results[$0]?.description }
        return (parts, page?.defects.isEmpty == false)
    }

    private static func entry(_ indicator: String, _ values: String...) -> String {
        let list = values.isEmpty ? "" : #","values":[\#(values.joined(separator: ","))]"#
        return #"{"indicator":"\#(indicator)"\#(list)}"#
    }

    private static func value(_ number: String, _ windows: String? = #"["default"]"#) -> String {
        let member = windows.map { #","attribution_windows":\#($0)"# } ?? ""
        return #"{"value":\#(number)\#(member)}"#
    }

    private static let purchase = "actions:offsite_conversion.fb_pixel_purchase"

    @Test(
        "one indicator has a number, and one without values is zero",
        arguments: [
            ([entry(purchase, value(#""3""#))], "3", purchase), ([entry(purchase, value("3"))], "3", purchase),
            ([entry(purchase, value(#""3""#, nil))], "3", purchase),
            ([entry("reach", value(#""2.5""#))], "2.5", "reach"),
            ([entry("actions:lead")], "0", "actions:lead"),
            ([entry("actions:lead", value(#""0""#))], "0", "actions:lead"),
            // Only the ad set's own windows count.
            (
                [entry("reach", value("9", #"["1d_click"]"#), value("4", #"["7d_click","default"]"#))], "4", "reach"
            ),
            // Entries of one indicator are parts.
            ([entry("reach", value("9")), entry("reach", value("1")), entry("reach")], "10", "reach"),
        ]
    )
    func single(entries: [String], number: String, indicator: String) throws {
        let (parts, isDamaged) = try read("[\(entries.joined(separator: ","))]")
        #expect(parts == [number, indicator, nil])
        #expect(!isDamaged)
    }

    @Test("several indicators are a mix and have no number")
    func mix() throws {
        let list = [Self.entry("b", Self.value("3")), Self.entry("a"), Self.entry("b", Self.value("0.5"))]
        let (parts, isDamaged) = try read("[\(list.joined(separator: ","))]")
        #expect(parts == [nil, nil, #"{"a":0,"b":3.5}"#])
        #expect(!isDamaged)
    }

    @Test(
        "no list, an empty one, and other windows only are unknown without damage",
        arguments: [
            "[]", "[\(entry("a", value("1", #"["1d_view"]"#)))]",
            "[\(entry("b", value("1"))),\(entry("a", value("1", "[]")))]",
        ]
    )
    func unknown(list: String) throws {
        let (parts, isDamaged) = try read(list)
        #expect(parts == [nil, nil, nil])
        #expect(!isDamaged)
        let absent = try Recorder([.page([insight(#""spend":"1""#)])]).metrics()[0]
        #expect(
            [absent.results[.results], absent.results[.resultIndicator], absent.results[.resultMix]] == [nil, nil, nil]
        )
    }

    @Test(
        "damage makes all results of the row unknown and is recorded",
        arguments: [
            "null", "{}", #""3""#, "7", "[null]", "[[]]", "[3]", "[{}]", #"[{"values":[]}]"#, #"[{"indicator":""}]"#,
            #"[{"indicator":null}]"#, #"[{"indicator":"a\u0000"}]"#, #"[{"indicator":"a","values":null}]"#,
            #"[{"indicator":"a","values":[]}]"#, #"[{"indicator":"a","values":[{}]}]"#,
            #"[{"indicator":"a","values":["3"]}]"#,
            "[\(entry("a", value(#""-1""#)))]", "[\(entry("a", value(#""many""#)))]", "[\(entry("a", value("null")))]",
            "[\(entry("a", value("1", "null")))]", "[\(entry("a", value("1", "[1]")))]",
            "[\(entry("a", value("1", #""default""#)))]",
            // Two numbers for the same windows.
            "[\(entry("a", value("1"), value("2")))]", "[\(entry("a", value("1", nil), value("1")))]",
            "[\(entry("a", value("1"))),\(entry("b", value("{}")))]",
            "[\(entry("a", value("9e12"))),\(entry("a", value("9e12")))]",
            "[\(entry(String(repeating: "a", count: 201)))]",
            "[\((0..<31).map { entry("a\($0)") }.joined(separator: ","))]",
            #"[{"indicator":"a","indicator":"b"}]"#,
        ]
    )
    func damaged(list: String) throws {
        let (parts, isDamaged) = try read(list)
        #expect(parts == [nil, nil, nil])
        #expect(isDamaged)
    }

    @Test("every request for totals and for days of ads has the field, and none for days of the account")
    func requested() {
        for level in Level.allCases { #expect(InsightObject.totals(level).names.filter { $0 == "results" }.count == 1) }
        #expect(InsightObject.adDays.names.filter { $0 == "results" }.count == 1)
        #expect(!InsightObject.accountDays.names.contains("results"))
    }
}
