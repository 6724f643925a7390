package import HTTPMessages

/// Answers as Facebook's Graph API would, from a seed, with faults on order. Not for use from several threads at once.
package final class GraphSimulator {
    /// The only token that is accepted, unless another one is given.
    package static let demoToken = "EAASimulatorDemoToken0000000000000000000000000000"
    package static let demoAppSecret = "simulator0demo0app0secret0000000"
    package static let appID = "1234567890123456"
    static let userID = "122100000000000001"

    /// The most rows on a page of campaigns, ad sets or ads; asking for more is no error.
    package var pageSizeCap = 1000
    /// The most rows on a page of insights.
    package var insightsPageSizeCap = 5000

    let token: String
    let appSecret: String?
    let baseURL: String
    var world: SimulatedWorld
    var faults = Faults()
    var login = Login()
    var versions = Versions()
    /// What they were before orders changed them.
    var versionsBefore: Versions?
    var quota = Quota()
    var reports = Reports()
    var listings = Listings()
    var totals = Totals()
    var tables = InsightsTables()
    var calls = CallCounts()
    /// Creatives that cannot be read, each with the subcode of the error.
    var brokenCreatives: [Int: Int] = [:]
    var pictureFaults: [PictureFault] = []
    /// How often the CDN was asked.
    var pictureRequests = 0
    /// No edits by the clock, and today's numbers are those of a whole day.
    var isFrozen = false
    /// Unix seconds, when the call at hand came.
    private(set) var moment = 0.0

    private let now: () -> Double
    private let sleep: (Double) -> Void
    private var usage = UsageMeter()
    private var answered: UInt64 = 0

    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - baseURL: The part of `paging.next` before the version, without a slash at its end.
    ///   - appSecret: If set, every call needs the `appsecret_proof` made with it.
    ///   - sleep: Waits for a number of seconds, for faults that delay responses.
    package init(
        now: @escaping () -> Double,
        baseURL: String,
        world: World = .demo,
        token: String = GraphSimulator.demoToken,
        appSecret: String? = nil,
        sleep: @escaping (Double) -> Void = { _ in }
    ) {
        self.now = now
        self.sleep = sleep
        self.baseURL = baseURL
        self.token = token
        self.appSecret = appSecret
        self.world = SimulatedWorld(world, cdn: "\(baseURL)/_cdn")
    }

    /// Unix seconds.
    var time: Int { Int(moment) }

    /// Answers `/v23.0/act_123/campaigns` and similar paths, and `/_control`. Every error of the request or the data is
    /// a response, too. Waits if a fault delays the response.
    package func respond(to request: HTTPRequest) -> HTTPResponse {
        let (response, delay) = answer(to: request)
        if delay > 0 { sleep(delay) }
        return response
    }

    /// The same without waiting, for callers that must not wait here.
    /// - Returns: the answer, and for how many seconds it is to be held back.
    package func answer(to request: HTTPRequest) -> (response: HTTPResponse, delay: Double) {
        moment = now()
        catchUp()
        let segments = request.path.split(separator: "/")
        if segments.first == "_control" {
            var response = control(request, Array(segments.dropFirst()))
            response.headers["Date"] = HTTPDate.text(time)
            return (response, 0)
        }
        if segments.first == "_cdn" { return picture(request, Array(segments.dropFirst())) }
        return answer(to: Call(request, world: world, reports: reports, defaultVersion: versions.current))
    }

    private func answer(to call: Call) -> (response: HTTPResponse, delay: Double) {
        answered += 1
        calls.add("\(call.request.method) \(call.route.kind)")
        let place = call.route.account
        let account = place.map { world.accounts[$0].spec.id }
        let activeAds = place.map { world.accounts[$0].activeAds } ?? 0
        usage.record(account: account, call.route.usage, at: time)

        var regainMinutes = 0
        var delay = 0.0
        var damagesUsage = false
        var response: HTTPResponse
        if let refusal = quota.admit(call, account: account, activeAds: activeAds, at: moment) {
            response = refusal.response(trace: trace)
        } else {
            let taken = faults.take(for: call, account: account)
            delay = taken.delay
            damagesUsage = taken.damagesUsage
            regainMinutes = taken.answer?.regainMinutes ?? 0
            let regular = { self.regularAnswer(to: call, taken) }
            response = taken.answer?.response(to: call, regular: regular, trace: trace) ?? regular()
        }
        addHeaders(to: &response, call.version)
        if quota.governs(account) {
            quota.addHeaders(to: &response, account: account, call.route.usage, activeAds, at: moment)
        } else {
            usage.add(
                to: &response,
                account: account,
                call.route.usage,
                activeAds: activeAds,
                regainMinutes: regainMinutes
            )
        }
        if damagesUsage { UsageMeter.damage(&response) }
        return (response, delay)
    }

    private func addHeaders(to response: inout HTTPResponse, _ version: String) {
        if response.headers["Content-Type"] == nil {
            response.headers["Content-Type"] = "application/json; charset=UTF-8"
        }
        response.headers["Date"] = HTTPDate.text(time)
        response.headers["Cache-Control"] = "private, no-cache, no-store, must-revalidate"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["x-fb-trace-id"] = trace
        versions.addHeaders(to: &response, version)
    }

    /// Differs from call to call.
    var trace: String { "A" + String(Randomness.mixed(answered), radix: 36) }
}

// MARK: - Versions, for those who need no order

extension GraphSimulator {
    /// Versions past their end of life: `["v22.0"]`.
    package var expiredVersions: Set<String> {
        get { versions.expired }
        set { versions.expired = newValue }
    }

    /// Whether calls of expired versions are answered by `currentVersion`, with a warning in the headers, instead of
    /// being refused with code 2635.
    package var upgradesExpiredVersions: Bool {
        get { versions.upgradesExpired }
        set { versions.upgradesExpired = newValue }
    }

    package var currentVersion: String {
        get { versions.current }
        set { versions.current = newValue }
    }
}
