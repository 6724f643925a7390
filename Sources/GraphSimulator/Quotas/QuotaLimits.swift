/// The sizes of the limits, from an order or from the tier.
struct QuotaRule {
    /// Digits; nil for all accounts.
    let account: String?
    let isDevelopment: Bool
    private let order: Order

    init?(_ order: Order) {
        let tier = order.text("tier") ?? "development"
        guard tier == "development" || tier == "standard" else { return nil }
        isDevelopment = tier == "development"
        account = order.account
        self.order = order
    }

    var score: Double { Double(order.number("score") ?? (isDevelopment ? 60 : 9000)) }
    /// Seconds in which a full score drains.
    var window: Double { Double(max(order.number("window") ?? 300, 1)) }
    /// Seconds.
    var block: Double { Double(order.number("block") ?? (isDevelopment ? 300 : 60)) }
    /// Seconds.
    var hour: Double { Double(max(order.number("hour") ?? 3600, 1)) }
    /// Seconds after a refusal in which calls may arrive that were sent before it was known.
    var grace: Double { order["grace"].flatMap { $0.scalarText }.flatMap(Double.init) ?? 0 }
    var app: Int? { order.number("app") }
    var throttle: Int? { order.number("throttle") }

    /// Calls per hour.
    func size(_ kind: UsageMeter.Kind, activeAds: Int) -> Int {
        switch kind {
        case .management: order.number("management") ?? (isDevelopment ? 300 : 100_000) + 40 * activeAds
        case .insights: order.number("insights") ?? (isDevelopment ? 600 : 190_000) + 400 * activeAds
        }
    }
}

/// When a caller was first refused. Calls on their way at that time do not count against it.
struct Block {
    private var began: Double?

    /// - Returns: whether the caller could know.
    mutating func refuse(grace: Double, at now: Double) -> Bool {
        guard let began else {
            self.began = now
            return false
        }
        return now >= began + grace
    }

    mutating func end() { began = nil }
}

/// Points that drain evenly. A caller with too many is refused for a while, and again with each call in that time.
struct Score {
    private var points = 0.0
    private var counted = 0.0
    private var blockedUntil = 0.0
    private var block = Block()

    private func points(_ rule: QuotaRule, at now: Double) -> Double {
        max(points - (now - counted) * rule.score / rule.window, 0)
    }

    /// - Returns: nil when the call is admitted, else whether the caller could know that it would not be.
    mutating func refuses(_ cost: Double, _ rule: QuotaRule, at now: Double) -> Bool? {
        points = points(rule, at: now)
        counted = now
        guard now < blockedUntil || points + cost > rule.score else {
            points += cost
            block.end()
            return nil
        }
        let isNew = now >= blockedUntil
        if isNew { block.end() }
        let isKnown = block.refuse(grace: rule.grace, at: now)
        if isNew || isKnown { blockedUntil = now + rule.block }
        return isKnown
    }

    func level(_ rule: QuotaRule, at now: Double) -> (percent: Double, seconds: Double) {
        if now < blockedUntil { return (100, blockedUntil - now) }
        let points = points(rule, at: now)
        return (points * 100 / rule.score, points * rule.window / rule.score)
    }
}

/// Calls in a rolling hour, counted in sixtieths of it.
struct Limiter {
    private var slots: [(number: Int, calls: Int)] = []
    private var block = Block()

    struct Level {
        let calls: Int
        let percent: Double
        /// Seconds until a call is admitted again; 0 when one would be now.
        let seconds: Double
    }

    private func slot(_ rule: QuotaRule, at now: Double) -> Int { Int(now * 60 / rule.hour) }

    private func current(_ rule: QuotaRule, at now: Double) -> ArraySlice<(number: Int, calls: Int)> {
        let oldest = slot(rule, at: now) - 59
        return slots.drop { $0.number < oldest }
    }

    /// Counts a call, unless it was on its way at a refusal.
    /// - Returns: nil if the call is admitted, else whether the caller could have known of the refusal.
    mutating func refuses(_ size: Int, _ rule: QuotaRule, at now: Double) -> Bool? {
        slots = Array(current(rule, at: now))
        let isOver = slots.reduce(0) { $0 + $1.calls } >= size
        let isKnown = isOver ? block.refuse(grace: rule.grace, at: now) : false
        if !isOver { block.end() }
        if !isOver || isKnown {
            let slot = slot(rule, at: now)
            if slots.last?.number != slot { slots.append((slot, 0)) }
            slots[slots.count - 1].calls += 1
        }
        return isOver ? isKnown : nil
    }

    /// - Parameter size: nil for no limit.
    func level(_ size: Int?, _ rule: QuotaRule, at now: Double) -> Level {
        let current = current(rule, at: now)
        let calls = current.reduce(0) { $0 + $1.calls }
        guard let size, calls > 0 else { return Level(calls: calls, percent: 0, seconds: 0) }
        var rest = calls
        var seconds = 0.0
        for slot in current where rest >= size {
            rest -= slot.calls
            seconds = Double(slot.number + 60) * rule.hour / 60 - now
        }
        return Level(calls: calls, percent: min(Double(calls) * 100 / Double(max(size, 1)), 100), seconds: seconds)
    }
}
