internal import FoundationEssentials
internal import HTTPMessages

/// What Facebook's usage headers say of a block.
enum Usage {
    private struct BusinessUseCase: Decodable {
        /// Minutes.
        var estimated_time_to_regain_access: Double?
    }

    private struct AdAccount: Decodable {
        var acc_id_util_pct: Double?
        /// Seconds.
        var reset_time_duration: Double?
    }

    /// Seconds until calls are allowed again; `nil` when the headers do not say.
    static func secondsToRegain(_ headers: HTTPHeaders) -> Double? {
        var seconds: [Double] = []
        if let usage = decode([String: [BusinessUseCase]].self, headers["x-business-use-case-usage"]) {
            seconds += usage.values.joined().compactMap { $0.estimated_time_to_regain_access.map { $0 * 60 } }
        }
        if let usage = decode(AdAccount.self, headers["x-ad-account-usage"]), usage.acc_id_util_pct ?? 0 >= 100 {
            seconds.append(usage.reset_time_duration ?? 0)
        }
        return seconds.max().flatMap { $0 > 0 ? min($0, 86_400) : nil }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
