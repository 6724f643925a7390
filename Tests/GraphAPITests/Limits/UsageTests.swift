import HTTPMessages
import Testing

@testable import GraphAPI

private let account = "10000000000001"
private let appUsage = "x-app-usage"
private let accountUsage = "x-ad-account-usage"
private let useCases = "x-business-use-case-usage"
private let throttle = "x-fb-ads-insights-throttle"

/// The reading of one header at time 1000.
private func noted(_ name: String, _ value: String, before: Usage = Usage()) -> Usage {
    var usage = before
    usage.note([name: value], account: account, now: 1000)
    return usage
}

private func reading(_ percent: Double, heldFor seconds: Double? = nil) -> Usage.Reading {
    .init(percent: percent, at: 1000, heldUntil: seconds.map { 1000 + $0 })
}

private func entry(_ type: String, _ members: String) -> String { #"{"type":"\#(type)",\#(members)}"# }

@Suite struct UsageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let header: String
        let value: String
        let readings: [Quota: Usage.Reading]

        init(_ header: String, _ value: String, _ readings: [Quota: Usage.Reading] = [:]) {
            self.header = header
            self.value = value
            self.readings = readings
        }

        var testDescription: String { "\(header): \(value)" }
    }

    @Test(
        "each header changes its own quota, and only what it contains",
        arguments: [
            Case(appUsage, #"{"call_count":28,"total_time":25,"total_cputime":30.5}"#, [.app: reading(30.5)]),
            Case(appUsage, #"{"call_count":28}"#, [.app: reading(28)]),
            Case(appUsage, #"{"total_cputime":120}"#, [.app: reading(120)]),
            Case(appUsage, #"{"call_count":0}"#, [.app: reading(0)]),
            Case(
                accountUsage,
                #"{"acc_id_util_pct":9.67,"reset_time_duration":100,"ads_api_access_tier":"standard_access"}"#,
                [.account: reading(9.67)]
            ),
            Case(
                accountUsage,
                #"{"acc_id_util_pct":100,"reset_time_duration":90}"#,
                [.account: reading(100, heldFor: 90)]
            ),
            Case(accountUsage, #"{"acc_id_util_pct":100}"#, [.account: reading(100)]),
            Case(accountUsage, #"{"reset_time_duration":90}"#),
            Case(
                useCases,
                #"{"10000000000001":[\#(entry("ads_management", #""call_count":2,"total_time":7"#))]}"#,
                [.management: reading(7)]
            ),
            Case(
                useCases,
                #"{"act_10000000000001":[\#(entry("ads_insights", #""call_count":3"#))]}"#,
                [.insights: reading(3)]
            ),
            Case(
                useCases,
                """
                {"10000000000001":[\(entry("ads_insights", #""call_count":3,"estimated_time_to_regain_access":0"#)),
                \(entry("custom_audience", #""call_count":99"#)),\(entry("app", #""call_count":99"#)),
                \(entry("ads_management", #""total_cputime":100,"estimated_time_to_regain_access":7"#)),{}],
                "2":[\(entry("ads_management", #""call_count":100,"estimated_time_to_regain_access":60"#))]}
                """,
                [.insights: reading(3), .management: reading(100, heldFor: 420)]
            ),
            Case(useCases, #"{"2":[\#(entry("ads_insights", #""call_count":99"#))]}"#),
            Case(useCases, #"{"110000000000001":[\#(entry("ads_insights", #""call_count":99"#))]}"#),
            Case(useCases, #"{"10000000000001":[]}"#),
            Case(
                throttle,
                #"{"app_id_util_pct":100,"acc_id_util_pct":10,"ads_api_access_tier":"standard_access"}"#,
                [.appInsights: reading(100), .insights: reading(10)]
            ),
            Case(throttle, #"{"app_id_util_pct":1.5}"#, [.appInsights: reading(1.5)]),
            Case(throttle, #"{"acc_id_util_pct":0}"#, [.insights: reading(0)]),
        ]
    )
    func readings(_ example: Case) {
        #expect(noted(example.header, example.value).readings == example.readings)
    }

    @Test(
        "an invalid usage header changes no known quota",
        arguments: [appUsage, accountUsage, useCases, throttle],
        [
            "", "{}", "[]", "null", "42", "\"text\"", "{\"call_count\":", #"{"call_count":null}"#,
            #"{"10000000000001":{}}"#,
        ]
    )
    func garbage(header: String, value: String) {
        #expect(noted(header, value) == Usage())
        let known = Usage(Dictionary(uniqueKeysWithValues: Quota.allCases.map { ($0, .init(percent: 90, at: 5)) }))
        #expect(noted(header, value, before: known) == known)
    }

    @Test(
        "numbers may be texts, and an invalid one affects only itself",
        arguments: [
            Case(appUsage, #"{"call_count":"28","total_time":"many","total_cputime":"nan"}"#, [.app: reading(28)]),
            Case(appUsage, #"{"call_count":{},"total_time":12}"#, [.app: reading(12)]),
            Case(
                accountUsage,
                #"{"acc_id_util_pct":"100","reset_time_duration":"60"}"#,
                [.account: reading(100, heldFor: 60)]
            ),
            Case(
                useCases,
                """
                {"2":[\(entry("ads_insights", #""call_count":"x""#))],"10000000000001":[
                \(entry("ads_insights", #""call_count":"40","estimated_time_to_regain_access":"2""#))]}
                """,
                [.insights: reading(40, heldFor: 120)]
            ),
            Case(throttle, #"{"app_id_util_pct":"7","acc_id_util_pct":true}"#, [.appInsights: reading(7)]),
        ]
    )
    func texts(_ example: Case) {
        #expect(noted(example.header, example.value).readings == example.readings)
    }

    @Test(
        "absurd numbers do no harm: no share below zero, no hold of more than a day",
        arguments: [
            Case(appUsage, #"{"call_count":-5}"#, [.app: reading(0)]),
            Case(appUsage, #"{"call_count":1e300}"#, [.app: reading(1000)]),
            Case(accountUsage, #"{"acc_id_util_pct":100,"reset_time_duration":-1}"#, [.account: reading(100)]),
            Case(
                accountUsage,
                #"{"acc_id_util_pct":100,"reset_time_duration":1e99}"#,
                [.account: reading(100, heldFor: 86_400)]
            ),
            Case(
                useCases,
                #"{"10000000000001":[\#(entry("ads_insights", #""call_count":1,"estimated_time_to_regain_access":1e12"#))]}"#,
                [.insights: reading(1, heldFor: 86_400)]
            ),
            Case(
                useCases,
                #"{"10000000000001":[\#(entry("ads_insights", #""call_count":1,"estimated_time_to_regain_access":-3"#))]}"#,
                [.insights: reading(1)]
            ),
        ]
    )
    func absurd(_ example: Case) {
        #expect(noted(example.header, example.value).readings == example.readings)
    }

    @Test(
        "damaged entries of other accounts and use cases affect only themselves",
        arguments: [
            #""2":null"#, #""2":{}"#, #""2":"none""#, #""2":[{"type":7}]"#, #""2":[null,[],7]"#,
            #""2":[{"call_count":{}}]"#,
            #""2":[{"type":"ads_insights","call_count":1e999}]"#, #""":[]"#,
        ]
    )
    func damagedNeighbours(neighbour: String) {
        let own = entry("ads_insights", #""call_count":40,"estimated_time_to_regain_access":5"#)
        for entries in ["[\(own)]", "[null,{\"type\":7},\(own),\"none\",[]]"] {
            let header = "{\(neighbour),\"10000000000001\":\(entries)}"
            #expect(noted(useCases, header).readings == [.insights: reading(40, heldFor: 300)])
            #expect(Usage.secondsToRegain([useCases: header], account: account) == 300)
        }
    }

    @Test("a hold is recorded, although the simulator's header has damaged entries")
    func simulated() throws {
        let graph = try SimulatedGraph()
        graph.order(#"{"fault":"usage_damaged"}"#)
        graph.order(#"{"fault":"rate_limited","value":7,"times":1}"#)
        guard case .rateLimited(_, let seconds) = graphError({ try graph.recorder.campaigns(graph.account) })?.kind
        else {
            Issue.record("no limit")
            return
        }
        #expect(seconds == 420)
        #expect(graph.recorder.client.usage.readings[.management]?.heldUntil == graph.recorder.now + 420)
    }

    @Test("a hold without a share is recorded and leaves the share as it was")
    func holdAlone() {
        let header = #"{"10000000000001":[\#(entry("ads_insights", #""estimated_time_to_regain_access":5"#))]}"#
        #expect(noted(useCases, header).readings == [.insights: reading(0, heldFor: 300)])
        let known = Usage([.insights: .init(percent: 80, at: 900)])
        #expect(
            noted(useCases, header, before: known).readings == [.insights: .init(percent: 80, at: 900, heldUntil: 1300)]
        )
    }
}
