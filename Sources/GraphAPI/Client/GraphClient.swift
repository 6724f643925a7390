package import HTTPMessages
internal import Secrets

/// Calls the Graph API for one ad account, several calls at a time, within Facebook's limits.
package final class GraphClient {
    /// Calls made so far, failed ones included: each counts against Facebook's limits.
    package private(set) var calls = 0
    /// How much of Facebook's quotas is used.
    package internal(set) var usage = Usage()
    /// The version in use: another than the configured one when Facebook refuses that.
    package var version: String { versions.current }
    package var configuredVersion: String { credentials.version }
    /// Receives lessons about versions, for other processes.
    package var learned: (VersionLesson) -> Void = { _ in }
    /// Receives every event that is not a plain response.
    package var report: (GraphEvent) -> Void = { _ in }
    /// Whether what fails in passing is tried again after a while.
    package var isPatient = true

    private let credentials: Credentials
    private let exchanges: any HTTPExchanges
    let clock: Clock
    private var account = ""
    var lanes: [Lane] = []
    private var lastCallAt = -Double.infinity
    private var warnings: Set<String> = []
    var versions: VersionUse

    /// - Parameter exchanges: Sends requests to the Graph API. Its errors count as transient network failures.
    package init(_ credentials: Credentials, exchanges: any HTTPExchanges, clock: Clock) {
        self.credentials = credentials
        self.exchanges = exchanges
        self.clock = clock
        versions = VersionUse(credentials)
    }

    /// Takes what other processes have learned of the quotas.
    package func learn(_ usage: Usage) {
        self.usage.merge(usage)
    }

    // MARK: Reading

    /// Performs all readings concurrently. Their callbacks may add others with `add`.
    ///
    /// If one meets a limit, the others continue as far as that limit does not apply to them, and then the error is
    /// thrown. After any other error no call starts, but responses of current calls are still processed, because they
    /// are paid for.
    /// - Parameters:
    ///   - account: Facebook's id, whose quotas count.
    ///   - tick: called again and again, at least every half second while nothing is going on, and every fifth of a second
    ///     while a report is being ordered; what it throws ends it. `takeOrder` then still gets the answer to an order.
    package func read(_ readings: [any GraphReading], of account: String, tick: () throws -> Void = {}) throws {
        self.account = account
        dropAll()
        readings.forEach(add)
        var isLeftToOrder = false
        defer { if !isLeftToOrder { dropAll() } }
        var failure: (any Error)?
        var limit: (any Error)?
        var givenUpAt = Double.infinity
        while true {
            do {
                try tick()
            } catch {
                isLeftToOrder = isOrdering
                throw error
            }
            var wake = clock.now() + 0.5
            for (number, lane) in lanes.enumerated() where failure == nil && !lane.isUnderWay {
                guard let call = lane.next, !lane.isParked else { continue }
                do {
                    try start(lane, call, number, &wake)
                } catch {
                    if isLimit(error) {
                        limit = limit ?? error
                    } else {
                        failure = error
                        givenUpAt = clock.now()
                    }
                }
            }
            if isOrdering { wake = min(wake, clock.now() + 0.2) }
            if lanes.contains(where: \.isUnderWay) {
                // Answers that are on their way when it is over already are taken, but not waited for for long.
                guard clock.now() - givenUpAt < 10 else { throw failure ?? GraphError.unreadable("no answer") }
                guard let exchange = exchanges.next(within: max(0, wake - clock.now())) else { continue }
                do {
                    try take(exchange)
                } catch {
                    if isLimit(error) {
                        limit = limit ?? error
                    } else if failure == nil {
                        failure = error
                        givenUpAt = clock.now()
                    }
                }
            } else if let error = failure {
                throw error
            } else if lanes.allSatisfy({ $0.reading.call == nil }) {
                return
            } else if let limit, lanes.allSatisfy(isHeld) {
                throw limit
            } else {
                clock.sleep(max(0, wake - clock.now()))
            }
        }
    }

    /// Adds a reading to the current ones.
    package func add(_ reading: any GraphReading) {
        lanes.append(Lane(reading, notBefore: clock.now() + (reading.call?.delay ?? 0)))
    }

    /// Whether Facebook has been asked for a report and has not answered yet.
    package var isOrdering: Bool { lanes.contains { $0.isUnderWay && $0.call?.options.isOrder == true } }

    /// Whether any call has no response yet.
    package var isCalling: Bool { lanes.contains(where: \.isUnderWay) }

    /// Waits for the answer to an order with which `read` was left: the report is paid for.
    /// - Returns: whether there is nothing left to wait for.
    package func takeOrder(within seconds: Double) throws -> Bool {
        guard isOrdering else { return true }
        guard let exchange = exchanges.next(within: seconds) else { return false }
        guard lanes.indices.contains(exchange.number), lanes[exchange.number].call?.options.isOrder == true else {
            return false
        }
        defer { dropAll() }
        try take(exchange)
        return true
    }

    /// Gives up everything that is being read.
    package func dropAll() {
        exchanges.cancelAll()
        lanes = []
    }

    private func isLimit(_ error: any Error) -> Bool {
        if case .rateLimited = (error as? GraphError)?.kind { true } else { false }
    }

    private func isHeld(_ lane: Lane) -> Bool {
        guard let call = lane.reading.call else { return true }
        if case .held = Pace.decide(call.kind, usage, now: clock.now()) { return true }
        return lane.isParked
    }

    // MARK: Calls

    /// Starts a lane's call, if it is time.
    /// - Parameter wake: when to look again, at the latest.
    private func start(_ lane: Lane, _ call: GraphCall, _ number: Int, _ wake: inout Double) throws {
        let now = clock.now()
        guard lane.notBefore <= now else {
            wake = min(wake, lane.notBefore)
            return
        }
        switch Pace.decide(call.kind, usage, now: now) {
        case .spaced(let seconds) where lastCallAt + seconds > now:
            lane.slowedSince = lane.slowedSince ?? now
            wake = min(wake, lastCallAt + seconds)
            return
        case .now, .spaced:
            // If several calls wait, only the first in the queue counts the time.
            if let since = lane.slowedSince { report(.slowedDown(seconds: now - max(since, lastCallAt))) }
            lane.slowedSince = nil
        case .held(let quota, let seconds):
            usage.hold(quota, until: now + seconds, now: now)  // for the other processes
            throw GraphError(
                kind: .rateLimited(quota, seconds: seconds),
                status: 0,
                message: "Facebook's rate limit for \(quota.words) is reached"
            )
        }
        // While the state of the version is unknown, one call finds out.
        guard versions.isKnown || !lanes.contains(where: \.isUnderWay) else { return }
        if let error = versions.exhaustion { throw error }
        lastCallAt = now
        calls += 1
        lane.isUnderWay = true
        lane.call = call
        lane.version = version
        exchanges.start(request(call), number: number)
    }

    private func request(_ call: GraphCall) -> HTTPRequest {
        var parameters = call.parameters
        if let appSecret = credentials.appSecret {
            parameters.append("appsecret_proof", hmacSHA256(key: appSecret, message: credentials.token))
        }
        var request = HTTPRequest(
            method: call.method,
            path: "/\(version)/\(call.path)",
            // In a header, so that the token is not in a URL.
            headers: ["Authorization": "Bearer \(credentials.token)", "Accept": "application/json"]
        )
        if call.method == "POST" {
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
            request.body = Array(parameters.encoded.utf8)
        } else {
            request.query = parameters.encoded
        }
        return request
    }

    private func take(_ exchange: HTTPExchange) throws {
        guard lanes.indices.contains(exchange.number), lanes[exchange.number].isUnderWay else { return }
        let lane = lanes[exchange.number]
        lane.isUnderWay = false
        do {
            let answer = try answer(exchange.result, lane)
            if lane.search == nil {
                try lane.reading.take(answer)
            } else {
                _ = try answer.document()
                try probed(lane, works: true)
            }
            if let lesson = versions.accept(lane.version) { learned(lesson) }
            lane.attempt = 0
            lane.notBefore = clock.now() + (lane.reading.call?.delay ?? 0)
        } catch var error as GraphError {
            lane.attempt += 1
            error.path = lane.call?.path
            try recover(lane, from: error)
        }
    }

    private func answer(
        _ result: Result<HTTPResponse, any Error>,
        _ lane: Lane
    ) throws(GraphError) -> GraphAnswer {
        switch result {
        case .success(let response):
            usage.note(response.headers, account: account, now: clock.now())
            if let text = versions.note(response.headers, called: lane.version) {
                warn(presentable(text, hiding: secrets))
            }
            return GraphAnswer(response: response, secrets: secrets, account: account)
        case .failure(let error):
            let isTooLarge = (error as? any TransportFailure)?.isTooLarge ?? false
            throw GraphError(
                kind: isTooLarge ? .tooMuchData : .transient,
                status: 0,
                message: presentable("Facebook cannot be reached: \(error)", hiding: secrets)
            )
        }
    }

    func warn(_ text: String) {
        if warnings.insert(text).inserted { report(.warned(text)) }
    }

    private var secrets: [String] {
        [credentials.token] + (credentials.appSecret.map { [$0] } ?? []) + credentials.hidden.filter { !$0.isEmpty }
    }
}

@available(*, unavailable)
extension GraphClient: Sendable {}
