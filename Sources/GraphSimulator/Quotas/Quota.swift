import HTTPMessages

/// Limits on calls that refuse: the score of an account, its calls per hour, and those of the app. Off until ordered.
struct Quota {
    private var rules: [QuotaRule] = []
    private var states: [String: AccountState] = [:]
    private var app = Limiter()
    /// Insights calls of the whole app.
    private var throttle = Limiter()
    private(set) var refused = 0
    /// Refused calls of callers who could know that they were blocked.
    private(set) var whileBlocked = 0

    private struct AccountState {
        var score = Score()
        var management = Limiter()
        var insights = Limiter()
    }

    init() {}

    init(keepingCountsOf other: Quota) {
        refused = other.refused
        whileBlocked = other.whileBlocked
    }

    mutating func obey(_ order: Order) throws(OrderError) {
        guard let rule = QuotaRule(order) else {
            throw OrderError(status: 400, message: "\"tier\" must be development or standard")
        }
        rules.append(rule)
    }

    mutating func forgetCounts() {
        refused = 0
        whileBlocked = 0
    }

    /// The newest rule for an account, or for calls without one.
    private func rule(_ account: String?) -> QuotaRule? {
        rules.last { $0.account == nil || $0.account == account }
    }

    func governs(_ account: String?) -> Bool { rule(account) != nil }

    /// Counts a call.
    /// - Returns: why it is refused; nil when it is not.
    mutating func admit(_ call: Call, account: String?, activeAds: Int, at now: Double) -> GraphError? {
        guard let rule = rule(account) else { return nil }
        let isInsights = call.route.usage == .insights
        var refusal: GraphError?
        var isKnown = false
        let check = { (limiter: inout Limiter, size: Int?, error: GraphError) in
            guard refusal == nil, let size, let known = limiter.refuses(size, rule, at: now) else { return }
            refusal = error
            isKnown = known
        }
        check(&app, rule.app, .appLimit)
        if isInsights { check(&throttle, rule.throttle, .insightsThrottle) }
        if let account, refusal == nil {
            var state = states[account] ?? AccountState()
            let size = rule.size(call.route.usage, activeAds: activeAds)
            if isInsights {
                check(&state.insights, size, .insightsLimit)
            } else {
                check(&state.management, size, .managementLimit)
            }
            let cost = call.request.method == "GET" || call.request.method == "HEAD" ? 1.0 : 3.0
            if refusal == nil, let known = state.score.refuses(cost, rule, at: now) {
                refusal = .rateLimited
                isKnown = known
            }
            states[account] = state
        }
        if refusal != nil {
            refused += 1
            whileBlocked += isKnown ? 1 : 0
        }
        return refusal
    }

    /// The headers' values for an account.
    struct Standing {
        var rule: QuotaRule
        var app: Limiter.Level
        var throttle: Limiter.Level
        var score: (percent: Double, seconds: Double)?
        /// Of kinds that were called.
        var kinds: [(UsageMeter.Kind, Limiter.Level)] = []
    }

    func standing(_ account: String?, activeAds: Int, at now: Double) -> Standing? {
        guard let rule = rule(account) else { return nil }
        var standing = Standing(
            rule: rule,
            app: app.level(rule.app, rule, at: now),
            throttle: throttle.level(rule.throttle, rule, at: now)
        )
        guard let account, let state = states[account] else { return standing }
        standing.score = state.score.level(rule, at: now)
        for (kind, limiter) in [(UsageMeter.Kind.management, state.management), (.insights, state.insights)] {
            let level = limiter.level(rule.size(kind, activeAds: activeAds), rule, at: now)
            if level.calls > 0 { standing.kinds.append((kind, level)) }
        }
        return standing
    }
}

extension GraphError {
    fileprivate static var appLimit: GraphError {
        GraphError(code: 4, message: "(#4) Application request limit reached", isTransient: true)
    }

    fileprivate static var insightsThrottle: GraphError {
        GraphError(
            code: 4,
            subcode: 1_504_022,
            message: "(#4) There have been too many calls from this app to the Insights API. Wait a bit and try again."
        )
    }

    fileprivate static var managementLimit: GraphError { business(80_004, "to", "ads-management") }
    fileprivate static var insightsLimit: GraphError { business(80_000, "from", "ads-insights") }

    private static func business(_ code: Int, _ way: String, _ anchor: String) -> GraphError {
        GraphError(
            code: code,
            subcode: 2_446_079,
            message:
                "(#\(code)) There have been too many calls \(way) this ad-account. Wait a bit and try again. For more "
                + "info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting#\(anchor)."
        )
    }
}
