import HTTPMessages
import Testing

@testable import GraphAPI

/// The known state of a quota after a new reading.
@Suite struct UsageMemoryTests {
    @Test(
        "the worse of two headers on the same quota counts, and an earlier one does not",
        arguments: [(10, 60, 60), (60, 10, 60), (nil, 20, 20), (30, nil, 30)] as [(Double?, Double?, Double)]
    )
    func sameQuota(useCase: Double?, throttle: Double?, percent: Double) {
        var usage = Usage([.insights: .init(percent: 95, at: 999)])
        var headers = HTTPHeaders()
        if let useCase {
            headers["X-Business-Use-Case-Usage"] = #"{"1":[{"type":"ads_insights","call_count":\#(useCase)}]}"#
        }
        if let throttle { headers["X-FB-Ads-Insights-Throttle"] = #"{"acc_id_util_pct":\#(throttle)}"# }
        usage.note(headers, account: "1", now: 1000)
        #expect(usage.readings == [.insights: .init(percent: percent, at: 1000)])
    }

    @Test("a hold survives a later response with only shares, and a longer hold replaces it")
    func holdStays() {
        var usage = Usage([.account: .init(percent: 100, at: 0, heldUntil: 300)])
        usage.note(["x-ad-account-usage": #"{"acc_id_util_pct":20}"#], account: "1", now: 10)
        #expect(usage.readings[.account] == .init(percent: 20, at: 10, heldUntil: 300))
        for (seconds, until) in [(100.0, 300.0), (500, 520)] {
            let header = #"{"acc_id_util_pct":100,"reset_time_duration":\#(seconds)}"#
            usage.note(["x-ad-account-usage": header], account: "1", now: 20)
            #expect(usage.readings[.account]?.heldUntil == until)
        }
    }

    @Test("a hold keeps the known share and is never shortened")
    func hold() {
        var usage = Usage([.insights: .init(percent: 40, at: 5)])
        usage.hold(.insights, until: 300, now: 10)
        #expect(usage.readings[.insights] == .init(percent: 40, at: 5, heldUntil: 300))
        usage.hold(.insights, until: 200, now: 20)
        #expect(usage.readings[.insights]?.heldUntil == 300)
        usage.hold(.app, until: 60, now: 10)
        #expect(usage.readings[.app] == .init(percent: 100, at: 10, heldUntil: 60))
    }

    @Test(
        "merged readings have the newer share and the longer hold",
        arguments: [
            ((50, 10, nil), (70, 20, nil), (70, 20, nil)), ((50, 20, nil), (70, 10, nil), (50, 20, nil)),
            ((50, 10, nil), (70, 10, nil), (50, 10, nil)), ((50, 10, 400), (70, 20, nil), (70, 20, 400)),
            ((50, 20, nil), (70, 10, 400), (50, 20, 400)), ((50, 10, 300), (70, 20, 400), (70, 20, 400)),
            ((50, 10, 400), (70, 20, 300), (70, 20, 400)),
        ] as [((Double, Double, Double?), (Double, Double, Double?), (Double, Double, Double?))]
    )
    func merged(
        ours: (Double, Double, Double?),
        theirs: (Double, Double, Double?),
        both: (Double, Double, Double?)
    ) {
        func usage(_ reading: (Double, Double, Double?)) -> Usage {
            Usage([.account: .init(percent: reading.0, at: reading.1, heldUntil: reading.2)])
        }
        var merged = usage(ours)
        merged.merge(usage(theirs))
        #expect(merged == usage(both))
    }

    @Test("a quota known to only one side stays as it is")
    func disjoint() {
        let (one, other) = (Usage.Reading(percent: 1, at: 1), Usage.Reading(percent: 2, at: 2, heldUntil: 9))
        var usage = Usage([.app: one])
        usage.merge(Usage([.insights: other]))
        usage.merge(Usage())
        #expect(usage.readings == [.app: one, .insights: other])
    }
}
