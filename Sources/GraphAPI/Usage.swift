internal import FoundationEssentials
internal import HTTPMessages

/// What Facebook's usage headers say of a block.
enum Usage {
    private struct BusinessUseCase: Decodable {
        /// Minutes.
        var estimatedTimeToRegainAccess: Double?

        enum CodingKeys: String, CodingKey {
            case estimatedTimeToRegainAccess = "estimated_time_to_regain_access"
        }
    }

    private struct AdAccount: Decodable {
        var accIDUtilPct: Double?
        /// Seconds.
        var resetTimeDuration: Double?

        enum CodingKeys: String, CodingKey {
            case accIDUtilPct = "acc_id_util_pct"
            case resetTimeDuration = "reset_time_duration"
        }
    }

    /// Seconds until calls are allowed again; `nil` when the headers do not say.
    static func secondsToRegain(_ headers: HTTPHeaders) -> Double? {
        var seconds: [Double] = []
        if let usage = decode([String: [BusinessUseCase]].self, headers["x-business-use-case-usage"]) {
            seconds += usage.values.joined().compactMap { $0.estimatedTimeToRegainAccess.map { $0 * 60 } }
        }
        if let usage = decode(AdAccount.self, headers["x-ad-account-usage"]), usage.accIDUtilPct ?? 0 >= 100 {
            seconds.append(usage.resetTimeDuration ?? 0)
        }
        return seconds.max().flatMap { $0 > 0 ? min($0, 86_400) : nil }
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
        text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
    }
}
