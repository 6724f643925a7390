import HTTPMessages

/// Counts calls and returns the counts in headers of the documented shapes. It refuses nothing.
struct UsageMeter {
    /// Kinds of calls with quotas of their own.
    enum Kind: String {
        case management = "ads_management"
        case insights = "ads_insights"
    }

    private static let tier = "standard_access"

    private var hours: [Key: Hour] = [:]

    private struct Key: Hashable {
        /// Digits; nil for calls without an account.
        let account: String?
        let kind: Kind
    }

    private struct Hour {
        var number: Int
        var calls = 0
    }

    /// - Parameter time: Unix seconds. Counts restart with each full hour.
    mutating func record(account: String?, _ kind: Kind, at time: Int) {
        let key = Key(account: account, kind: kind)
        if hours[key]?.number != time / 3600 { hours[key] = Hour(number: time / 3600) }
        hours[key]?.calls += 1
    }

    /// - Parameters:
    ///   - activeAds: they raise the quotas of their account.
    ///   - regainMinutes: until the account may call again; 0 when it is not blocked.
    func add(to response: inout HTTPResponse, account: String?, _ kind: Kind, activeAds: Int, regainMinutes: Int) {
        let calls = hours[Key(account: account, kind: kind)]?.calls ?? 0
        let all = hours.values.reduce(0) { $0 + $1.calls }
        let app = min(all / 200, 99)
        set(
            "x-app-usage",
            ["call_count": .int(app), "total_time": .int(app), "total_cputime": .int(app / 2)],
            &response
        )
        guard let account else { return }

        let quota = kind == .insights ? 190_000 + 400 * activeAds : 100_000 + 40 * activeAds
        let exact = regainMinutes > 0 ? 100 : min(Double(calls) * 100 / Double(quota), 99)
        let percent = Int(exact.rounded(.up))
        let entry: JSON = [
            "type": .string(kind.rawValue), "call_count": .int(percent), "total_cputime": .int(percent),
            "total_time": .int(percent), "estimated_time_to_regain_access": .int(regainMinutes),
            "ads_api_access_tier": .string(Self.tier),
        ]
        set("x-business-use-case-usage", .object([(account, .array([entry]))]), &response)
        let hundredths = JSON.double((exact * 100).rounded() / 100)
        set(
            "x-ad-account-usage",
            [
                "acc_id_util_pct": hundredths, "reset_time_duration": .int(regainMinutes * 60),
                "ads_api_access_tier": .string(Self.tier),
            ],
            &response
        )
        if kind == .insights {
            set(
                "x-fb-ads-insights-throttle",
                [
                    "app_id_util_pct": .int(app), "acc_id_util_pct": hundredths,
                    "ads_api_access_tier": .string(Self.tier),
                ],
                &response
            )
        }
    }

    /// Puts damaged entries beside those of the header of the use cases.
    static func damage(_ response: inout HTTPResponse) {
        let name = "x-business-use-case-usage"
        guard let text = response.headers[name], case .object(let members) = JSON(parsing: Array(text.utf8)) else {
            return
        }
        let damaged = members.map { account, entries -> (String, JSON) in
            guard case .array(let entries) = entries else { return (account, entries) }
            return (account, .array([.null, ["type": 7, "call_count": [1]]] + entries + ["none"]))
        }
        let others: [(String, JSON)] = [("1", .null), ("2", "none"), ("3", [["type": 7]]), ("4", [[7]])]
        response.headers[name] = String(decoding: JSON.object(others + damaged).text, as: UTF8.self)
    }

    private func set(_ name: String, _ value: JSON, _ response: inout HTTPResponse) {
        response.headers[name] = String(decoding: value.text, as: UTF8.self)
    }
}
