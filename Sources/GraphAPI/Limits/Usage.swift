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
        let reported = UsageHeaders(headers, account: account)
        set(.app, reported.app, now)
        set(.account, [reported.accountPercent], now, seconds: reported.accountSeconds)
        var insights: [Double?] = []
        for entry in reported.useCases {
            guard let quota = entry.quota else { continue }
            set(quota, entry.shares, now, seconds: entry.seconds)
            if quota == .insights { insights += entry.shares }
        }
        set(.appInsights, [reported.appInsightsPercent], now)
        // The use case above is about the same quota; the worse of the two counts.
        if let percent = reported.insightsPercent { set(.insights, insights + [percent], now) }
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
        let reported = UsageHeaders(headers, account: account)
        let seconds = reported.useCases.map(\.seconds) + [reported.accountSeconds]
        return seconds.compactMap(\.self).max().flatMap { $0 > 0 ? min($0, 86_400) : nil }
    }
}

extension Usage.Reading {
    /// Per cent that still count: they fade over the quota's window.
    func share(_ quota: Quota, now: Double) -> Double {
        percent * max(0, 1 - max(0, now - at) / quota.window)
    }
}
