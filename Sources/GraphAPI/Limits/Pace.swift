/// Whether the next call may be made.
package enum Pace: Sendable, Equatable {
    case now
    /// Not within so many seconds after the previous call.
    case spaced(seconds: Double)
    /// No call for so many seconds.
    case held(Quota, seconds: Double)

    /// From this share on calls are spaced, wider and wider.
    static let slowFrom = 75.0
    /// From this share on there is no call: blocks begin at 100, and a call made in one prolongs it (Meta).
    static let stopFrom = 97.0
    /// The widest spacing: five seconds are what the development tier allows in the long run, 60 calls in 300 s.
    static let widest = 5.0

    package static func decide(_ kind: CallKind, _ usage: Usage, now: Double) -> Pace {
        var spacing = 0.0
        var hold: (quota: Quota, seconds: Double)?
        for quota in Quota.counting(kind) {
            guard let reading = usage.readings[quota] else { continue }
            var seconds = (reading.heldUntil ?? now) - now
            let share = reading.share(quota, now: now)
            // The quota is full without a known end: until enough has faded for a run to do something.
            if seconds <= 0, share >= stopFrom { seconds = quota.secondsToFade(from: reading, now: now) }
            if seconds > 0 {
                if seconds > hold?.seconds ?? 0 { hold = (quota, seconds) }
            } else {
                spacing = max(spacing, widest * (share - slowFrom) / (stopFrom - slowFrom))
            }
        }
        if let hold { return .held(hold.quota, seconds: hold.seconds) }
        return spacing > 0 ? .spaced(seconds: spacing) : .now
    }
}

extension Quota {
    /// Seconds until a quota that is full has faded to the share at which calls begin again: far below the limit where
    /// that takes minutes, close to it where it takes an hour.
    fileprivate func secondsToFade(from reading: Usage.Reading, now: Double) -> Double {
        let goal = self == .account ? 40.0 : 85
        return max(1, (1 - goal / reading.percent) * window - max(0, now - reading.at))
    }
}
