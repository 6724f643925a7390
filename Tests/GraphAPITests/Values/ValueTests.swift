import Foundation
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Values as Graph writes them, and as they are read.
@Suite struct ValueTests {
    @Test(
        "ids above 2^53 keep all their digits, as text and as numbers",
        arguments: [
            "9007199254740993", "23853620229650399", "120208325579370397", "9223372036854775807", "1",
        ]
    )
    func ids(id: String) throws {
        for wire in [id, "\"\(id)\""] {
            let row = #"{"id":\#(wire),"adset_id":\#(wire),"campaign_id":\#(wire),"name":42}"#
            #expect(try Recorder([.page([row])]).campaigns().map(\.id) == [id])
            let ads = try Recorder([.page([row])]).ads()
            #expect(ads.map(\.adSetID) == [id])
            #expect(ads.map(\.campaignID) == [id])
            #expect(ads.map(\.name) == ["42"])
            #expect(try Recorder([.page([row])]).adSets().map(\.campaignID) == [id])
            let metrics = #"{"ad_id":\#(wire),"spend":"1"}"#
            #expect(try Recorder([.page([metrics])]).metrics().map(\.objectID) == [id])
        }
    }

    @Test(
        "a row without a usable id is omitted, and the others stay",
        arguments: [
            #""""#, #""act_1""#, #""1.5""#, "1.5", "-1", "true", "[]", "{}", "null", "1e40", #""1 ""#, "0", #""000""#,
            #""12345678901234567890123456""#, "1.202083255793704e17", #""12\ud800""#, #""1","id":"123""#,
            #""12\u00003""#, #""12\u0000""#, #""7","i\u0000d":"7","id":8"#,
        ]
    )
    func badIDs(wire: String) throws {
        let rows = [#"{"id":"7"}"#, #"{"id":\#(wire),"name":"x"}"#, #"{"id":8}"#]
        let pages = try Recorder([.page(rows)]).pages(.campaign)
        #expect(pages.flatMap(\.values).map(\.id) == ["7", "8"])
        #expect(pages.map(\.leftOut) == [1])
        #expect(
            pages.flatMap(\.defects).map(\.description) == ["campaign was left out: the field id cannot be read"]
        )
    }

    @Test("an exact number is an id in any notation", arguments: [("123", "123"), ("1e3", "1000"), ("12.0", "12")])
    func exactIDs(wire: String, id: String) throws {
        #expect(try Recorder([.page([#"{"id":\#(wire)}"#])]).campaigns().map(\.id) == [id])
    }

    @Test("absent members get plain values and are read again, unknown words pass through, and NUL is repaired")
    func lenient() throws {
        let rows = [#"{"id":"1"}"#, #"{"id":"2","name":"a\u0000b\ud83d\ude80\/","status":"NEW_WORD","objective":"X"}"#]
        let campaigns = try Recorder([.page(rows)]).campaigns()
        #expect(campaigns[0].name.isEmpty)
        #expect(campaigns[0].status == "UNKNOWN")
        #expect(campaigns[0].effectiveStatus == "UNKNOWN")
        #expect(campaigns[0].objective == nil)
        #expect(campaigns[0].dailyBudget == nil)
        #expect(campaigns[0].createdAt == nil)
        let fields = ["name", "status", "effective_status", "created_time", "updated_time"]
        #expect(Set(campaigns[0].gaps.damaged) == Set(fields) && Set(campaigns[0].gaps.unknown) == Set(fields))
        #expect(campaigns[1].name == "a\u{FFFD}b🚀/")
        #expect(campaigns[1].status == "NEW_WORD")
        #expect(campaigns[1].effectiveStatus == "NEW_WORD")
    }

    @Test(
        "an ad's format is a readable word, and unknown formats pass through",
        arguments: [("VIDEO", "VIDEO"), ("PHOTO", "IMAGE"), ("SHARE", "LINK"), ("STATUS", "STATUS")]
    )
    func formats(type: String, format: String) throws {
        let row = #"{"id":"1","adset_id":"2","campaign_id":"3","creative":{"id":"4","object_type":"\#(type)"}}"#
        #expect(try Recorder([.page([row])]).ads().map(\.format) == [format])
    }

    @Test(
        "budgets are in minor units, as text or number, and 0 means none",
        arguments: [
            (#""1234""#, "12.34", "1234"), ("1234", "12.34", "1234"), (#""5""#, "0.05", "5"), (#""0""#, nil, nil),
            ("0", nil, nil),
        ] as [(String, String?, String?)]
    )
    func budgets(wire: String, dollars: String?, yen: String?) throws {
        let row = #"{"id":"1","campaign_id":"2","daily_budget":\#(wire),"lifetime_budget":\#(wire)}"#
        let inDollars = try Recorder([.page([row])]).campaigns()[0]
        #expect(inDollars.dailyBudget?.description == dollars)
        #expect(inDollars.lifetimeBudget?.description == dollars)
        let inYen = try Recorder([.page([row])]).adSets(.yen)[0]
        #expect(inYen.dailyBudget?.description == yen)
        #expect(inYen.lifetimeBudget?.description == yen)
    }

    @Test(
        "an invalid budget is unknown, which differs from a campaign without a budget",
        arguments: [#""-5""#, #""12.34""#, #""lots""#, #""99999999999999999999""#, "[]", "true", #""""#]
    )
    func badBudgets(wire: String) throws {
        let time = #""2026-11-03T00:00:00+0000""#
        let row = #"""
            {"id":"1","name":"n","status":"ACTIVE","effective_status":"ACTIVE","created_time":\#(time),
            "updated_time":\#(time),"daily_budget":\#(wire),"lifetime_budget":"5e2"}
            """#
        let campaign = try Recorder([.page([row])]).campaigns()[0]
        #expect(campaign.dailyBudget == nil)
        #expect(campaign.gaps.damaged == ["daily_budget"])
        #expect(campaign.gaps.unknown.contains("daily_budget"))
        #expect(campaign.lifetimeBudget?.description == "5")
    }

    @Test("metrics are read from texts and numbers")
    func metrics() throws {
        let texts = insight(#""spend":"14.35","impressions":"185","clicks":"9","reach":"170","frequency":"1.088235""#)
        let numbers = insight(#""spend":14.35,"impressions":185,"clicks":9,"reach":170,"frequency":1.088235"#)
        for row in [texts, numbers] {
            let metrics = try Recorder([.page([row])]).metrics()[0]
            #expect(metrics.objectID == "120208325579370399")
            #expect(metrics.results[.spend]?.description == "14.35")
            #expect(metrics.results[.impressions] == .count(185))
            #expect(metrics.results[.clicks] == .count(9))
            #expect(metrics.results[.reach] == .count(170))
            #expect(metrics.results[.frequency]?.description == "1.088235")
        }
    }

    @Test("absent sums are zero, absent reach and frequency are unknown")
    func absent() throws {
        let metrics = try Recorder([.page([#"{"ad_id":"1"}"#])]).metrics()[0]
        #expect(
            [
                metrics.results[.spend], metrics.results[.engagement], metrics.results[.conversions],
                metrics.results[.conversionValue],
            ].allSatisfy { $0 == .amount(.zero) }
        )
        #expect([metrics.results[.impressions], metrics.results[.clicks]] == [.count(0), .count(0)])
        #expect(metrics.results[.reach] == nil)
        #expect(metrics.results[.frequency] == nil)
    }

    @Test("metrics without the id of their level are omitted", arguments: [Level.campaign, .adSet])
    func missingID(level: Level) throws {
        let pages = try Recorder([.page([insight(#""spend":"1""#)])]).metricPages(level)
        #expect(pages.map(\.values.count) == [0])
        #expect(pages.map(\.leftOut) == [1])
    }

    @Test(
        "purchases are those of the broadest type, never a sum over overlapping types",
        arguments: [
            (["omni_purchase": "7", "purchase": "5", "offsite_conversion.fb_pixel_purchase": "3"], "7", "70"),
            (["purchase": "5", "offsite_conversion.fb_pixel_purchase": "3"], "5", "50"),
            (["offsite_conversion.fb_pixel_purchase": "3"], "3", "30"),
            (["omni_purchase": "2.5"], "2.5", "25"),
            (["link_click": "9", "onsite_web_purchase": "4", "app_custom_event.fb_mobile_purchase": "4"], "0", "0"),
            ([:], "0", "0"),
        ] as [([String: String], String, String)]
    )
    func purchases(counts: [String: String], count: String, value: String) throws {
        for types in [counts.keys.sorted(), counts.keys.sorted().reversed()] {
            let actions = types.map { #"{"action_type":"\#($0)","value":"\#(counts[$0] ?? "")"}"# }
            let values = types.map { type in
                #"{"action_type":"\#(type)","value":\#((Double(counts[type] ?? "") ?? 0) * 10)}"#
            }
            let row = insight(
                #""actions":[\#(actions.joined(separator: ","))],"action_values":[\#(values.joined(separator: ","))]"#
            )
            let metrics = try Recorder([.page([row])]).metrics()[0]
            #expect(metrics.results[.conversions]?.description == count)
            #expect(metrics.results[.conversionValue]?.description == value)
        }
    }

    @Test("the value of purchases belongs to the type that was counted")
    func sameType() throws {
        let row = insight(
            #"""
            "actions":[{"action_type":"purchase","value":"5"}],
            "action_values":[{"action_type":"omni_purchase","value":"99"},{"action_type":"purchase","value":"50"}]
            """#
        )
        #expect(try Recorder([.page([row])]).metrics()[0].results[.conversionValue]?.description == "50")
    }

    @Test("engagement is post engagement alone, summed over the entries of a breakdown")
    func engagement() throws {
        let row = insight(
            #"""
            "actions":[{"action_type":"post_engagement","value":"10","1d_click":"8"},
            {"action_type":"page_engagement","value":"11"},{"action_type":"post_engagement","value":"2.5"},
            {"action_type":"video_view"}]
            """#
        )
        #expect(try Recorder([.page([row])]).metrics()[0].results[.engagement]?.description == "12.5")
        // An entry without a type may have any type.
        let hidden = insight(#""actions":[{"action_type":"post_engagement","value":"10"},{"value":"3"}]"#)
        #expect(try Recorder([.page([hidden])]).metrics()[0].results[.engagement] == nil)
    }

    @Test(
        "the value of purchases has the counted type, or the next type with a value",
        arguments: [
            (#"{"purchase":"5"}"#, #"{"offsite_conversion.fb_pixel_purchase":"30"}"#, "5", "30"),
            (#"{"purchase":"5"}"#, #"{"omni_purchase":"99","offsite_conversion.fb_pixel_purchase":"30"}"#, "5", "30"),
            (#"{"offsite_conversion.fb_pixel_purchase":"5"}"#, #"{"omni_purchase":"99"}"#, "5", "99"),
            (#"{"omni_purchase":"5"}"#, #"{"link_click":"99"}"#, "5", nil), (#"{"omni_purchase":"5"}"#, "{}", "5", nil),
            (#"{"link_click":"5"}"#, #"{"link_click":"99"}"#, "0", "0"), ("{}", #"{"purchase":"8"}"#, "0", "8"),
        ] as [(String, String, String?, String?)]
    )
    func otherType(counts: String, values: String, count: String?, value: String?) throws {
        let row = insight(#""actions":\#(try actions(counts)),"action_values":\#(try actions(values))"#)
        let results = try Recorder([.page([row])]).metrics()[0].results
        #expect(results[.conversions]?.description == count)
        #expect(results[.conversionValue]?.description == value)
    }

    /// `{"purchase":"5"}` as a list of actions.
    private func actions(_ counts: String) throws -> String {
        let counts = try JSONDecoder().decode([String: String].self, from: Data(counts.utf8))
        let entries = counts.sorted { $0.key < $1.key }.map { #"{"action_type":"\#($0.key)","value":"\#($0.value)"}"# }
        return "[\(entries.joined(separator: ","))]"
    }

    @Test(
        "an unreadable action makes the values unknown that it may belong to, and nothing else",
        arguments: [
            (#"{"action_type":"omni_purchase","value":"-3"}"#, "12", nil),
            (#"{"action_type":"omni_purchase","value":"many"}"#, "12", nil),
            (#"{"action_type":"omni_purchase","value":"3","value":"4"}"#, "12", nil),
            (#"{"action_type":"post_engagement","value":null}"#, nil, "5"),
            (#"{"action_type":"link_click","value":[]}"#, "12", "5"),
            (#"{"action_type":"omni_purchase"}"#, "12", nil), (#"{"action_type":"post_engagement"}"#, nil, "5"),
            (#"{"action_type":"link_click"}"#, "12", "5"),
            (#"{"action_type":"omni_purchase","value":"3\u00004"}"#, "12", nil),
            ("null", nil, nil), (#"{"action_type":null,"value":"1"}"#, nil, nil), ("7", nil, nil), ("[]", nil, nil),
            (#"{"action_type":"\ud83d","value":"1"}"#, nil, nil),
        ] as [(String, String?, String?)]
    )
    func badAction(entry: String, engagement: String?, conversions: String?) throws {
        let row = insight(
            #"""
            "spend":"2","actions":[{"action_type":"purchase","value":"5"},
            {"action_type":"post_engagement","value":"12"},\#(entry)]
            """#
        )
        let pages = try Recorder([.page([row])]).metricPages()
        let results = pages[0].values[0].results
        #expect(results[.engagement]?.description == engagement)
        #expect(results[.conversions]?.description == conversions)
        #expect(results[.spend]?.description == "2")
        #expect(pages[0].defects.map(\.field) == ["actions"])
    }

    @Test(
        "beside an action of unknown type the value of purchases is unknown, because it may be another type's",
        arguments: ["null", #"{"action_type":null,"value":"1"}"#, "7"]
    )
    func hiddenAction(entry: String) throws {
        let row = insight(
            #"""
            "actions":[{"action_type":"purchase","value":"5"},\#(entry)],
            "action_values":[{"action_type":"omni_purchase","value":"99"},{"action_type":"purchase","value":"50"}]
            """#
        )
        let results = try Recorder([.page([row])]).metrics()[0].results
        #expect(results[.conversions] == nil && results[.conversionValue] == nil)
    }

    @Test("a number with U+0000 in it is invalid")
    func zeroCharacter() throws {
        let row = insight(#""spend":"1\u000000","impressions":"\u00007","sp\u0000end":"3","clicks":"2""#)
        let results = try Recorder([.page([row])]).metrics()[0].results
        #expect(results[.spend] == nil && results[.impressions] == nil && results[.clicks] == .count(2))
        let misnamed = try Recorder([.page([insight(#""sp\u0000end":"3""#)])]).metrics()[0].results
        #expect(misnamed[.spend] == .amount(.zero))
    }

    @Test("metrics whose field Facebook refuses are unknown, not zero")
    func refused() throws {
        let position = ListPosition(pageSize: 500, refusedFields: ["actions", "action_values", "reach"])
        let pages = try Recorder([.page([insight(#""spend":"2""#)])]).metricPages(at: position)
        let metrics = pages[0].values[0]
        #expect(metrics.results[.spend]?.description == "2")
        #expect(metrics.results[.impressions] == .count(0))
        #expect(metrics.results[.engagement] == nil && metrics.results[.conversions] == nil)
        #expect(metrics.results[.conversionValue] == nil && metrics.results[.reach] == nil)
        #expect(pages[0].defects.isEmpty)
    }

    @Test("actions whose sum is too large are unknown, and never negative")
    func overflow() throws {
        let entry = #"{"action_type":"post_engagement","value":"9000000000000"}"#
        let row = insight(#""actions":[\#(entry),\#(entry)]"#)
        #expect(try Recorder([.page([row])]).metrics().map(\.results[.engagement]) == [nil])
    }
}
