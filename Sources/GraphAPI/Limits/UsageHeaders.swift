internal import HTTPMessages

/// What the usage headers of an answer say, as far as they can be read: a damaged value costs nothing but itself.
///
/// Source: Meta, Graph API, "Rate limits", and Marketing API, "Rate limiting". Shares are in per cent.
struct UsageHeaders {
    /// `x-app-usage`
    let app: [Double?]
    /// `x-ad-account-usage`
    let accountPercent: Double?
    /// Seconds until calls are allowed again; `nil` while they are.
    let accountSeconds: Double?
    /// `x-business-use-case-usage`, of one account.
    let useCases: [UseCase]
    /// `x-fb-ads-insights-throttle`
    let appInsightsPercent: Double?
    let insightsPercent: Double?

    /// One entry: `{"type":"ads_insights","call_count":3,…,"estimated_time_to_regain_access":0}`.
    struct UseCase {
        /// `nil` for a use case that is not ours.
        let quota: Quota?
        let shares: [Double?]
        /// Seconds until calls are allowed again.
        let seconds: Double?
    }

    /// - Parameter account: Facebook's id, digits; what is said of other accounts is left out.
    init(_ headers: HTTPHeaders, account: String) {
        let read = { (name: String) in headers[name].flatMap { WireValue(parsing: Array($0.utf8)) } }
        app = Self.shares(read("x-app-usage"))
        let score = read("x-ad-account-usage")
        accountPercent = Self.number(score, "acc_id_util_pct")
        accountSeconds = accountPercent ?? 0 >= 100 ? Self.number(score, "reset_time_duration") : nil
        useCases = Self.entries(read("x-business-use-case-usage"), of: account).map { entry in
            let quota = if case .text(let type) = entry["type"] { Quota(rawValue: type) } else { Quota?.none }
            return UseCase(
                quota: quota == .management || quota == .insights ? quota : nil,
                shares: Self.shares(entry),
                // It comes in minutes.
                seconds: Self.number(entry, "estimated_time_to_regain_access").map { $0 * 60 }
            )
        }
        let throttle = read("x-fb-ads-insights-throttle")
        appInsightsPercent = Self.number(throttle, "app_id_util_pct")
        insightsPercent = Self.number(throttle, "acc_id_util_pct")
    }

    /// `{"123":[entry, …],"456":[…]}`; a single entry also counts without a list.
    private static func entries(_ header: WireValue?, of account: String) -> [WireValue] {
        guard case .object(let members) = header else { return [] }
        return members.filter { $0.name.trimmingPrefix("act_") == account }.flatMap { member in
            if case .list(let entries) = member.value { entries } else { [member.value] }
        }
    }

    private static func shares(_ value: WireValue?) -> [Double?] {
        ["call_count", "total_time", "total_cputime"].map { number(value, $0) }
    }

    /// A number, or a text that is one.
    private static func number(_ value: WireValue?, _ name: String) -> Double? {
        let number: Double? =
            switch value?[name] {
            case .number(let digits), .text(let digits): Double(digits)
            default: nil
            }
        return number.flatMap { $0.isFinite ? $0 : nil }
    }
}
