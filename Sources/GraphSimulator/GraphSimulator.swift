package import HTTPMessages

/// Answers as Facebook's Graph API would, from a seed, with faults on order. Not for use from several threads.
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
    /// Versions past their end of life: `["v22.0"]`.
    package var expiredVersions: Set<String> = []
    /// Whether calls of expired versions are answered by `currentVersion`, with a warning in the headers, instead of
    /// being refused with code 2635.
    package var upgradesExpiredVersions = false
    package var currentVersion = "v23.0"

    let token: String
    let appSecret: String?
    var world: SimulatedWorld
    var faults = Faults()
    var calls = CallCounts()
    /// No edits by the clock, and today's numbers are those of a whole day.
    var isFrozen = false

    private let now: () -> Double
    private let sleep: (Double) -> Void
    private let baseURL: String
    private var usage = UsageMeter()
    private var answered: UInt64 = 0

    /// - Parameters:
    ///   - now: unix seconds.
    ///   - baseURL: what stands before the version in `paging.next`, without a slash at its end.
    ///   - appSecret: when given, every call needs the `appsecret_proof` made with it.
    ///   - sleep: waits so many seconds, for the fault `latency`.
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
        self.world = SimulatedWorld(world)
    }

    /// Unix seconds.
    var time: Int { Int(now()) }

    /// Answers `/v23.0/act_123/campaigns` and its like, and `/_control`. Every fault of the request or of the data is
    /// an answer too.
    package func respond(to request: HTTPRequest) -> HTTPResponse {
        var segments = request.path.split(separator: "/")
        if segments.first == "_control" { return control(request, Array(segments.dropFirst())) }
        if !isFrozen { world.advance(to: time) }

        var version = currentVersion
        if let first = segments.first, Self.isVersion(first) {
            version = String(segments.removeFirst())
        }
        let route = Route(segments, in: world)
        let account = route.account.map { world.accounts[$0] }
        calls.add("\(request.method) \(route.kind)")
        usage.record(account: account?.spec.id, route.usage, at: time)
        answered += 1

        let (milliseconds, fault) = faults.take(
            for: request,
            account: account?.spec.id,
            limit: Self.limit(of: request)
        )
        if milliseconds > 0 { sleep(Double(milliseconds) / 1000) }
        let regular = { self.answer(request, route, version) }
        var response = fault?.response(regular: regular, trace: trace) ?? regular()
        addHeaders(to: &response, version)
        usage.add(
            to: &response,
            account: account?.spec.id,
            route.usage,
            activeAds: account?.ads.count { $0.status == .active } ?? 0,
            regainMinutes: fault?.name == .rateLimited ? fault?.value ?? 5 : 0
        )
        return response
    }

    private static func isVersion(_ segment: Substring) -> Bool {
        let numbers = segment.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return segment.first == "v" && numbers.count == 2
            && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    /// The rows asked for, before any cap; for the fault `reduce_data`.
    private static func limit(of request: HTTPRequest) -> Int {
        (try? QueryParameters(decoding: request.query))?["limit"].flatMap { Int($0) } ?? 25
    }

    private func answer(_ request: HTTPRequest, _ route: Route, _ version: String) -> HTTPResponse {
        do {
            let body = try body(request, route, version)
            return HTTPResponse(status: 200, body: body.text)
        } catch {
            return error.response(trace: trace)
        }
    }

    private func body(_ request: HTTPRequest, _ route: Route, _ version: String) throws(GraphError) -> JSON {
        guard let parameters = try? QueryParameters(decoding: request.query) else {
            throw .parameter("The query string is not well-formed")
        }
        if expiredVersions.contains(version), !upgradesExpiredVersions { throw .expiredVersion(currentVersion) }
        if case .debugToken = route { return try tokenFacts(request, parameters) }
        try authenticate(request, parameters)

        let url = "\(baseURL)\(request.path)"
        switch route {
        case .missing(let id): throw .unsupported(id, method: request.method)
        case .unknown(let path): throw .unknownPath(path)
        case .node(let place) where request.method != "GET":
            throw .unsupported(id(of: place), method: request.method)
        case .edge(let place, _) where request.method != "GET", .insights(let place) where request.method != "GET":
            throw .unsupported(id(of: place), method: request.method)
        case .me, .debugToken:
            return ["id": .string(Self.userID), "name": "Simulator"]
        case .accounts:
            let limit = try parameters.limit(cap: pageSizeCap)
            return try accountsPage(parameters, limit).envelope(url: url, parameters: parameters, limit: limit)
        case .node(let place):
            let selection = try Selection(parameters["fields"], of: place.level)
            return world.accounts[place.account].node(place.level, place.index, selection, now: time)
        case .edge(let place, let level):
            let query = try EdgeQuery(parameters, level, cap: pageSizeCap)
            return try world.accounts[place.account].page(query, of: place, now: time)
                .envelope(url: url, parameters: parameters, limit: query.limit)
        case .insights(let place):
            let account = world.accounts[place.account]
            let clock = DeliveryClock(account.clock, now: time, frozen: isFrozen)
            let query = try InsightsQuery(
                parameters,
                node: place.level,
                today: clock.today,
                cap: insightsPageSizeCap
            )
            return account.insights(query, of: place, clock)
                .envelope(url: url, parameters: parameters, limit: query.limit)
        }
    }

    private func id(of place: ObjectPlace) -> String {
        let account = world.accounts[place.account]
        return place.level == .account ? "act_\(account.spec.id)" : String(account.objects(place.level)[place.index].id)
    }

    /// The accounts of the token, in the order of the world.
    private func accountsPage(_ parameters: QueryParameters, _ limit: Int) throws(GraphError) -> Page {
        let selection = try Selection(parameters["fields"], of: .account)
        let ids = world.accounts.map { Int($0.spec.id) ?? 0 }
        var start = 0
        if let after = parameters["after"] {
            guard let place = Cursor.objectID(after).flatMap(ids.firstIndex) else { throw .invalidCursor }
            start = place + 1
        }
        let places = Array(ids.indices.dropFirst(start).prefix(limit))
        return Page(
            data: places.map { world.accounts[$0].node(.account, 0, selection, now: time) },
            before: places.first.map { Cursor.object(ids[$0]) },
            after: places.last.map { Cursor.object(ids[$0]) },
            hasNext: start + places.count < ids.count,
            hasPrevious: start > 0
        )
    }

    private func addHeaders(to response: inout HTTPResponse, _ version: String) {
        if response.headers["Content-Type"] == nil {
            response.headers["Content-Type"] = "application/json; charset=UTF-8"
        }
        response.headers["Cache-Control"] = "private, no-cache, no-store, must-revalidate"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["x-fb-trace-id"] = trace
        let isUpgraded = expiredVersions.contains(version) && upgradesExpiredVersions
        response.headers["facebook-api-version"] = isUpgraded ? currentVersion : version
        if isUpgraded {
            response.headers["x-ad-api-version-warning"] =
                "The call has been auto-upgraded to \(currentVersion) as \(version) has been deprecated"
        }
    }

    /// Differs from call to call.
    private var trace: String { "A" + String(Randomness.mixed(answered), radix: 36) }
}
