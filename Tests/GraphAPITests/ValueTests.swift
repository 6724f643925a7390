import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// What Graph writes, and what is read from it.
@Suite struct ValueTests {
    @Test(
        "ids above 2^53 stay what they are, as text and as numbers",
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
        "what is no id is refused",
        arguments: [
            #""""#, #""act_1""#, #""1.5""#, "1.5", "-1", "true", "[]", "1e40", #""1 ""#,
            #""12345678901234567890123456""#,
        ]
    )
    func badIDs(wire: String) {
        let recorder = Recorder(always: .page([#"{"id":\#(wire)}"#]))
        #expect(graphError { try recorder.campaigns() }?.kind == .transient)
    }

    @Test("absent members have plain values, unknown words pass through, and NUL is cut out")
    func lenient() throws {
        let rows = [#"{"id":"1"}"#, #"{"id":"2","name":"a\u0000b\ud83d\ude80\/","status":"NEW_WORD","objective":"X"}"#]
        let campaigns = try Recorder([.page(rows)]).campaigns()
        #expect(campaigns[0].name.isEmpty)
        #expect(campaigns[0].status == "UNKNOWN")
        #expect(campaigns[0].effectiveStatus == "UNKNOWN")
        #expect(campaigns[0].objective == nil)
        #expect(campaigns[0].dailyBudget == nil)
        #expect(campaigns[0].createdAt == nil)
        #expect(campaigns[1].name == "ab🚀/")
        #expect(campaigns[1].status == "NEW_WORD")
        #expect(campaigns[1].effectiveStatus == "NEW_WORD")
    }

    @Test(
        "an ad's format is told in people's words, and others pass through",
        arguments: [("VIDEO", "VIDEO"), ("PHOTO", "IMAGE"), ("SHARE", "LINK"), ("STATUS", "STATUS")]
    )
    func formats(type: String, format: String) throws {
        let row = #"{"id":"1","adset_id":"2","campaign_id":"3","creative":{"id":"4","object_type":"\#(type)"}}"#
        #expect(try Recorder([.page([row])]).ads().map(\.format) == [format])
    }

    @Test(
        "budgets come in minor units, as text or number, and 0 means none",
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
        "a budget that is no number is an error, as a spend is, not a campaign without a budget",
        arguments: [#""-5""#, #""12.34""#, #""lots""#, #""99999999999999999999""#]
    )
    func badBudgets(wire: String) {
        let recorder = Recorder(always: .page([#"{"id":"1","daily_budget":\#(wire)}"#]))
        #expect(graphError { try recorder.campaigns() }?.kind == .transient)
    }

    @Test("metrics come as texts or numbers")
    func metrics() throws {
        let texts = insight(#""spend":"14.35","impressions":"185","clicks":"9","reach":"170","frequency":"1.088235""#)
        let numbers = insight(#""spend":14.35,"impressions":185,"clicks":9,"reach":170,"frequency":1.088235"#)
        for row in [texts, numbers] {
            let metrics = try Recorder([.page([row])]).metrics()[0]
            #expect(metrics.objectID == "120208325579370399")
            #expect(metrics.results.spent.micros == 14_350_000)
            #expect(metrics.results.impressions == 185)
            #expect(metrics.results.clicks == 9)
            #expect(metrics.reach == 170)
            #expect(metrics.frequency?.micros == 1_088_235)
        }
    }

    @Test("absent sums are zero, absent reach and frequency are unknown")
    func absent() throws {
        let metrics = try Recorder([.page([#"{"ad_id":"1"}"#])]).metrics()[0]
        #expect(
            [
                metrics.results.spent, metrics.results.engagement, metrics.results.conversions,
                metrics.results.conversionValue,
            ].allSatisfy { $0 == .zero }
        )
        #expect([metrics.results.impressions, metrics.results.clicks] == [0, 0])
        #expect(metrics.reach == nil)
        #expect(metrics.frequency == nil)
    }

    @Test(
        "negative numbers and what is no number are refused",
        arguments: ["spend", "impressions", "clicks", "reach", "frequency"],
        [#""-1""#, "-1", #""many""#, #""""#, #""NaN""#, "1e300", #""99999999999999999999""#, "true", "{}"]
    )
    func badNumbers(field: String, wire: String) throws {
        let recorder = Recorder(always: .page([insight(#""\#(field)":\#(wire)"#)]))
        #expect(graphError { try recorder.metrics() }?.kind == .transient)
    }

    @Test("metrics without the id of their level are refused", arguments: [Level.campaign, .adSet])
    func missingID(level: Level) {
        let recorder = Recorder(always: .page([insight(#""spend":"1""#)]))
        #expect(graphError { try recorder.metrics(level) }?.kind == .transient)
    }

    @Test(
        "purchases are those of the type that covers most, never a sum over types that overlap",
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
            #expect(metrics.results.conversions.description == count)
            #expect(metrics.results.conversionValue.description == value)
        }
    }

    @Test("the value of purchases is that of the type that was counted")
    func sameType() throws {
        let row = insight(
            #"""
            "actions":[{"action_type":"purchase","value":"5"}],
            "action_values":[{"action_type":"omni_purchase","value":"99"},{"action_type":"purchase","value":"50"}]
            """#
        )
        #expect(try Recorder([.page([row])]).metrics()[0].results.conversionValue.description == "50")
    }

    @Test("engagement is post engagement alone, summed over the entries of a breakdown")
    func engagement() throws {
        let row = insight(
            #"""
            "actions":[{"action_type":"post_engagement","value":"10","1d_click":"8"},
            {"action_type":"page_engagement","value":"11"},{"action_type":"post_engagement","value":"2.5"},
            {"action_type":"video_view"},{"value":"3"},{"action_type":"post_engagement"}]
            """#
        )
        #expect(try Recorder([.page([row])]).metrics()[0].results.engagement.description == "12.5")
    }

    @Test("an action whose value is no number is refused", arguments: [#""-3""#, #""many""#])
    func badAction(wire: String) {
        let row = insight(
            #""actions":[{"action_type":"omni_purchase","value":\#(wire)},{"action_type":"purchase","value":"5"}]"#
        )
        #expect(graphError { try Recorder(always: .page([row])).metrics() }?.kind == .transient)
    }

    @Test("actions whose sum is too large are refused, and never become negative")
    func overflow() throws {
        let entry = #"{"action_type":"post_engagement","value":"9000000000000"}"#
        let row = insight(#""actions":[\#(entry),\#(entry)]"#)
        #expect(graphError { try Recorder(always: .page([row])).metrics() }?.kind == .transient)
    }
}
