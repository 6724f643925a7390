import Testing

@testable import GraphAPI

private let kinds = [CallKind.objects, .insights]

/// A quota at time 10 000.
private func usage(_ quota: Quota, _ percent: Double, age: Double = 0, heldFor seconds: Double? = nil) -> Usage {
    Usage([quota: .init(percent: percent, at: 10_000 - age, heldUntil: seconds.map { 10_000 + $0 })])
}

private func decide(_ kind: CallKind, _ usage: Usage, after seconds: Double = 0) -> Pace {
    Pace.decide(kind, usage, now: 10_000 + seconds)
}

/// Seconds between calls; `nil` if no call is possible.
private func spacing(_ pace: Pace) -> Double? {
    switch pace {
    case .now: 0
    case .spaced(let seconds): seconds
    case .held: nil
    }
}

@Suite struct PaceTests {
    @Test("with no known quota, calls are made at once", arguments: kinds)
    func nothingKnown(kind: CallKind) {
        #expect(decide(kind, Usage()) == .now)
    }

    @Test("a call honours the quotas that count it, and no other", arguments: Quota.allCases)
    func counting(quota: Quota) {
        let full = usage(quota, 50, heldFor: 60)
        let held = Pace.held(quota, seconds: 60)
        #expect(decide(.objects, full) == ([.app, .account, .management].contains(quota) ? held : .now))
        #expect(decide(.insights, full) == (quota == .management ? .now : held))
    }

    @Test("app-wide quotas are the app's", arguments: Quota.allCases)
    func appWide(quota: Quota) {
        #expect(quota.isAppWide == [.app, .appInsights].contains(quota))
    }

    @Test(
        "every share, age and hold of every quota: held, spaced, or at once",
        arguments: Quota.allCases,
        [-20, 0, 50, 74.9, 75, 75.1, 86, 96.9, 97, 100, 130, 1000]
    )
    func everything(quota: Quota, percent: Double) {
        for age in [-5, 0, 0.05, 0.2, 0.5, 0.99, 1, 3].map({ $0 * quota.window }) {
            let left = percent * min(1, max(0, 1 - age / quota.window))
            for hold in [nil, -100, 0, 0.5, 300] as [Double?] {
                let pace = decide(.insights, usage(quota, percent, age: age, heldFor: hold))
                switch pace {
                case _ where quota == .management:
                    #expect(pace == .now)
                case .held(let named, let seconds):
                    #expect(named == quota)
                    #expect(hold ?? 0 > 0 ? seconds == hold : left >= 97)
                    #expect(seconds > 0 && seconds <= max(quota.window, hold ?? 0))
                case .spaced(let seconds):
                    #expect(hold ?? 0 <= 0 && left > 75 && left < 97)
                    #expect(seconds > 0 && seconds < 5)
                case .now:
                    #expect(hold ?? 0 <= 0 && left <= 75)
                }
            }
        }
    }

    @Test("from 75 to 97 per cent the spacing grows from zero to five seconds", arguments: kinds)
    func growing(kind: CallKind) throws {
        let shares = stride(from: 75, to: 97, by: 0.5)
        let spacings = try shares.map { try #require(spacing(decide(kind, usage(.account, $0)))) }
        #expect(spacings.first == 0)
        #expect(zip(spacings, spacings.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(spacings.last) > 4.8)
        #expect(decide(kind, usage(.account, 86)) == .spaced(seconds: 2.5))
        #expect(spacing(decide(kind, usage(.account, 97))) == nil)
    }

    @Test(
        "a full quota rests until enough has faded for a run to do useful work, whatever the reading's age",
        arguments: Quota.allCases.filter { $0 != .management },
        [97, 100, 150, 400]
    )
    func sensible(quota: Quota, percent: Double) {
        for age in [0, 0.01, 0.3, 0.5].map({ $0 * quota.window }) {
            let known = usage(quota, percent, age: age)
            guard case .held(_, let seconds) = decide(.insights, known) else { continue }
            // More than half of five minutes, but little of an hour, or an account would wait for most of it.
            let left = percent * (1 - (age + seconds) / quota.window)
            #expect(abs(left - (quota == .account ? 40 : 85)) < 0.001)
            let then = decide(.insights, known, after: seconds)
            if quota == .account {
                #expect(then == .now)
            } else {
                #expect(spacing(then) ?? 0 > 2 && spacing(then) ?? 5 < 3)
            }
        }
    }

    @Test("use fades over the quota's window", arguments: Quota.allCases.filter { $0 != .management })
    func fading(quota: Quota) {
        let spacings = stride(from: 0, through: 1, by: 0.02).map {
            spacing(decide(.insights, usage(quota, 96), after: $0 * quota.window))
        }
        #expect(!spacings.contains(nil))
        #expect(zip(spacings, spacings.dropFirst()).allSatisfy { ($0 ?? 0) > ($1 ?? 0) || $1 == 0 })
        // 96 per cent minus 22 per cent of it is below 75.
        #expect(spacings[10] ?? 0 > 0 && spacings[11] == 0)
    }

    @Test("the widest spacing and the longest hold win, and any hold wins over spacing")
    func several() {
        let both = Usage([.app: .init(percent: 80, at: 10_000), .account: .init(percent: 86, at: 10_000)])
        #expect(decide(.objects, both) == .spaced(seconds: 2.5))
        let holds = Usage([
            .app: .init(percent: 0, at: 10_000, heldUntil: 10_060),
            .account: .init(percent: 86, at: 10_000, heldUntil: 10_030),
            .management: .init(percent: 96, at: 10_000),
        ])
        #expect(decide(.objects, holds) == .held(.app, seconds: 60))
        #expect(decide(.objects, holds, after: 31) == .held(.app, seconds: 29))
        guard case .spaced = decide(.objects, holds, after: 61) else {
            Issue.record("the holds are over, and the shares are still high")
            return
        }
    }
}
