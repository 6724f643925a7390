internal import FoundationEssentials
internal import HTTPMessages

/// A quota of Facebook. Each has its own limit, use and blocks.
package enum Quota: String, Sendable, CaseIterable {
    /// All calls of the app (`x-app-usage`).
    case app
    /// All insights calls of the app (`x-fb-ads-insights-throttle`).
    case appInsights = "app_insights"
    /// All calls for an ad account (`x-ad-account-usage`): the score that decays over five minutes.
    case account
    /// Calls for an ad account's objects (`x-business-use-case-usage`, type `ads_management`).
    case management = "ads_management"
    /// Calls for an ad account's insights (the same, type `ads_insights`, and `x-fb-ads-insights-throttle`).
    case insights = "ads_insights"

    /// Whether it counts the calls of all ad accounts together.
    package var isAppWide: Bool { self == .app || self == .appInsights }

    /// Seconds after which the use is forgotten, if nothing is added.
    var window: Double { self == .account ? 300 : 3600 }

    /// The quotas of calls for an account's objects, or for its insights.
    static func counting(_ kind: CallKind) -> [Quota] {
        switch kind {
        case .objects: [.app, .account, .management]
        case .insights: [.app, .appInsights, .account, .insights]
        }
    }
}

/// The subject of a call; the two have separate quotas.
package enum CallKind: Sendable {
    case objects
    case insights
}

/// The use of each quota, as Facebook last reported it to this or another process.
package struct Usage: Sendable, Equatable {
    /// One quota at one time. Times are seconds of the caller's clock.
    package struct Reading: Sendable, Equatable {
        /// 0…100, or more.
        package var percent: Double
        package var at: Double
        /// No call before this moment.
        package var heldUntil: Double?

        package init(percent: Double, at: Double, heldUntil: Double? = nil) {
            self.percent = percent
            self.at = at
            self.heldUntil = heldUntil
        }
    }

    package private(set) var readings: [Quota: Reading] = [:]

    package init(_ readings: [Quota: Reading] = [:]) {
        self.readings = readings
    }

    /// Takes what another process has learned: the newer reading counts, and the longer hold.
    package mutating func merge(_ other: Usage) {
        for (quota, theirs) in other.readings {
            guard let ours = readings[quota] else {
                readings[quota] = theirs
                continue
            }
            var newer = theirs.at > ours.at ? theirs : ours
            newer.heldUntil = [ours.heldUntil, theirs.heldUntil].compactMap(\.self).max()
            readings[quota] = newer
        }
    }

    /// Per cent of the fullest quota that still count.
    package func load(now: Double) -> Double {
        readings.map { $1.share($0, now: now) }.max() ?? 0
    }

    package mutating func hold(_ quota: Quota, until moment: Double, now: Double) {
        var reading = readings[quota] ?? Reading(percent: 100, at: now)
        reading.heldUntil = max(reading.heldUntil ?? moment, moment)
        readings[quota] = reading
    }

    /// Reads the usage headers of a response. Headers appear "once enough calls have been made" (Meta), so a missing
    /// one means nothing.
    /// - Parameter account: Digits. Headers about other accounts are ignored.
    mutating func note(_ headers: HTTPHeaders, account: String, now: Double) {
        if let app = decode(AppUsage.self, headers["x-app-usage"]) {
            set(.app, app.shares, now)
        }
        if let score = decode(AccountUsage.self, headers["x-ad-account-usage"]) {
            set(.account, [score.percent], now, seconds: score.percent ?? 0 >= 100 ? score.secondsToReset : nil)
        }
        var insights: [Double?] = []
        if let cases = decode([String: [BusinessUseCase]].self, headers["x-business-use-case-usage"]) {
            for entry in Self.entries(cases, of: account) {
                guard let quota = Quota(rawValue: entry.type ?? ""), [.management, .insights].contains(quota) else {
                    continue
                }
                set(quota, entry.shares, now, seconds: entry.secondsToRegain)
                if quota == .insights { insights += entry.shares }
            }
        }
        if let throttle = decode(InsightsThrottle.self, headers["x-fb-ads-insights-throttle"]) {
            set(.appInsights, [throttle.appIDUtilPct?.value], now)
            // The use case above has the same quota; the higher use counts.
            if let percent = throttle.accIDUtilPct?.value { set(.insights, insights + [percent], now) }
        }
    }

    /// - Parameters:
    ///   - shares: In per cent; the highest counts. None means unknown.
    ///   - seconds: Until calls are allowed again.
    private mutating func set(_ quota: Quota, _ shares: [Double?], _ now: Double, seconds: Double? = nil) {
        let worst = shares.compactMap(\.self).max()
        let isHeld = seconds ?? 0 > 0
        guard worst != nil || isHeld else { return }
        var reading = readings[quota] ?? Reading(percent: 0, at: now)
        if let worst {
            reading.percent = min(max(0, worst), 1000)
            reading.at = now
        }
        if let seconds, isHeld { reading.heldUntil = max(reading.heldUntil ?? 0, now + min(seconds, 86_400)) }
        readings[quota] = reading
    }

    /// Seconds until calls are allowed again, as an answer's headers say; `nil` when they do not.
    static func secondsToRegain(_ headers: HTTPHeaders, account: String) -> Double? {
        var seconds: [Double] = []
        if let cases = decode([String: [BusinessUseCase]].self, headers["x-business-use-case-usage"]) {
            seconds += entries(cases, of: account).compactMap(\.secondsToRegain)
        }
        if let usage = decode(AccountUsage.self, headers["x-ad-account-usage"]), usage.percent ?? 0 >= 100 {
            seconds.append(usage.secondsToReset ?? 0)
        }
        return seconds.max().flatMap { $0 > 0 ? min($0, 86_400) : nil }
    }

    private static func entries(_ cases: [String: [BusinessUseCase]], of account: String) -> [BusinessUseCase] {
        cases.filter { $0.key.trimmingPrefix("act_") == account }.flatMap(\.value)
    }
}

extension Usage.Reading {
    /// Per cent that still count: they fade over the quota's window.
    func share(_ quota: Quota, now: Double) -> Double {
        percent * max(0, 1 - max(0, now - at) / quota.window)
    }
}

// MARK: - The headers

/// A number, or a text with a number. Any other value counts as missing.
private struct TolerantNumber: Decodable {
    let value: Double?

    init(from decoder: any Decoder) {
        let number = (try? FlexibleText(from: decoder)).flatMap { Double($0.text) }
        value = number.flatMap { $0.isFinite ? $0 : nil }
    }
}

private struct AppUsage: Decodable {
    var callCount: TolerantNumber?
    var totalTime: TolerantNumber?
    var totalCputime: TolerantNumber?

    var shares: [Double?] { [callCount?.value, totalTime?.value, totalCputime?.value] }

    enum CodingKeys: String, CodingKey {
        case callCount = "call_count"
        case totalTime = "total_time"
        case totalCputime = "total_cputime"
    }
}

private struct AccountUsage: Decodable {
    var accIDUtilPct: TolerantNumber?
    /// Seconds.
    var resetTimeDuration: TolerantNumber?

    var percent: Double? { accIDUtilPct?.value }
    var secondsToReset: Double? { resetTimeDuration?.value }

    enum CodingKeys: String, CodingKey {
        case accIDUtilPct = "acc_id_util_pct"
        case resetTimeDuration = "reset_time_duration"
    }
}

private struct BusinessUseCase: Decodable {
    var type: String?
    var callCount: TolerantNumber?
    var totalTime: TolerantNumber?
    var totalCputime: TolerantNumber?
    /// Minutes.
    var estimatedTimeToRegainAccess: TolerantNumber?

    var shares: [Double?] { [callCount?.value, totalTime?.value, totalCputime?.value] }
    var secondsToRegain: Double? { estimatedTimeToRegainAccess?.value.map { $0 * 60 } }

    enum CodingKeys: String, CodingKey {
        case type
        case callCount = "call_count"
        case totalTime = "total_time"
        case totalCputime = "total_cputime"
        case estimatedTimeToRegainAccess = "estimated_time_to_regain_access"
    }
}

private struct InsightsThrottle: Decodable {
    var appIDUtilPct: TolerantNumber?
    var accIDUtilPct: TolerantNumber?

    enum CodingKeys: String, CodingKey {
        case appIDUtilPct = "app_id_util_pct"
        case accIDUtilPct = "acc_id_util_pct"
    }
}

private func decode<Value: Decodable>(_ type: Value.Type, _ text: String?) -> Value? {
    text.flatMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
}
