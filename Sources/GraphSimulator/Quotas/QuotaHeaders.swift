import HTTPMessages

extension Quota {
    /// The documented headers, of the limits that are in force.
    func addHeaders(
        to response: inout HTTPResponse,
        account: String?,
        _ kind: UsageMeter.Kind,
        _ activeAds: Int,
        at now: Double
    ) {
        guard let standing = standing(account, activeAds: activeAds, at: now) else { return }
        let tier = JSON.string(standing.rule.isDevelopment ? "development_access" : "standard_access")
        let app = JSON.int(Int(standing.app.percent.rounded(.up)))
        response.headers["x-app-usage"] = Self.text(["call_count": app, "total_time": app, "total_cputime": app])
        guard let account else { return }

        let score = standing.score ?? (0, 0)
        let entries = standing.kinds.map { kind, level -> JSON in
            let percent = Int(level.percent.rounded(.up))
            let seconds = score.percent >= 100 ? max(level.seconds, score.seconds) : level.seconds
            return [
                "type": .string(kind.rawValue), "call_count": .int(percent), "total_cputime": .int(percent / 2),
                "total_time": .int(percent / 2),
                "estimated_time_to_regain_access": .int(Int((seconds / 60).rounded(.up))),
                "ads_api_access_tier": tier,
            ]
        }
        response.headers["x-business-use-case-usage"] = Self.text(.object([(account, .array(entries))]))
        response.headers["x-ad-account-usage"] = Self.text([
            "acc_id_util_pct": Self.hundredths(score.percent),
            "reset_time_duration": .int(Int(score.seconds.rounded(.up))), "ads_api_access_tier": tier,
        ])
        guard kind == .insights else { return }
        let insights = standing.kinds.first { $0.0 == .insights }?.1.percent ?? 0
        response.headers["x-fb-ads-insights-throttle"] = Self.text([
            "app_id_util_pct": Self.hundredths(standing.throttle.percent),
            "acc_id_util_pct": Self.hundredths(insights), "ads_api_access_tier": tier,
        ])
    }

    private static func hundredths(_ percent: Double) -> JSON { .double((percent * 100).rounded() / 100) }

    private static func text(_ value: JSON) -> String { String(decoding: value.text, as: UTF8.self) }
}
