internal import FoundationEssentials
package import HTTPMessages
package import Model
internal import Secrets

/// Reads one ad account from the Graph API, through its account-level edges: a call for each page of objects, never one
/// for each campaign or ad set.
package final class GraphClient {
    package struct Credentials: Sendable {
        /// `v23.0`
        package var version: String
        package var token: String
        /// Signs the token; `nil` when the app is not known.
        package var appSecret: String?

        package init(version: String, token: String, appSecret: String?) {
            self.version = version
            self.token = token
            self.appSecret = appSecret
        }
    }

    /// Calls made so far, failed ones included: each counts against Facebook's limits.
    package private(set) var calls = 0
    private let credentials: Credentials
    private let send: (HTTPRequest) throws -> HTTPResponse
    private let sleep: (Double) -> Void

    /// - Parameters:
    ///   - send: brings a request to the Graph API. Whatever it throws is taken for a passing fault of the network.
    ///   - sleep: waits that many seconds.
    package init(
        _ credentials: Credentials,
        send: @escaping (HTTPRequest) throws -> HTTPResponse,
        sleep: @escaping (Double) -> Void
    ) {
        self.credentials = credentials
        self.send = send
        self.sleep = sleep
    }

    // MARK: What can be asked

    /// The accounts that the token can see.
    package func adAccounts(_ page: ([AccountSummary]) throws -> Void) throws {
        let edge = Edge("me/adaccounts", fields: AccountObject.fields, pageSize: 100)
        try forEachPage(
            edge,
            reading: { (object: AccountObject) in try object.summary() },
            do: { summaries, _ in try page(summaries) }
        )
    }

    package func adAccount(_ facebookID: String) throws -> AccountSummary {
        let query = QueryParameters([.init(name: "fields", value: AccountObject.fields)])
        return try call("act_\(facebookID)", query, pageSize: nil) { (object: AccountObject) in try object.summary() }
    }

    /// - Parameter page: called with each page, and with the number of objects in all when Facebook tells it.
    package func campaigns(
        _ account: AccountSummary,
        _ page: ([Campaign], _ total: Int?) throws -> Void
    ) throws {
        let edge = Edge("act_\(account.facebookID)/campaigns", fields: CampaignObject.fields, pageSize: 500, .campaign)
        try forEachPage(
            edge,
            reading: { (object: CampaignObject) in try object.model(currency: account.currency) },
            do: page
        )
    }

    package func adSets(_ account: AccountSummary, _ page: ([AdSet], _ total: Int?) throws -> Void) throws {
        let edge = Edge("act_\(account.facebookID)/adsets", fields: AdSetObject.fields, pageSize: 500, .adSet)
        try forEachPage(
            edge,
            reading: { (object: AdSetObject) in try object.model(currency: account.currency) },
            do: page
        )
    }

    package func ads(_ account: AccountSummary, _ page: ([Ad], _ total: Int?) throws -> Void) throws {
        let edge = Edge("act_\(account.facebookID)/ads", fields: AdObject.fields, pageSize: 500, .ad)
        try forEachPage(edge, reading: { (object: AdObject) in try object.model() }, do: page)
    }

    /// Totals over a range of days for each object of a level that had any delivery in it.
    package func metrics(
        _ account: AccountSummary,
        level: Level,
        days: DayRange,
        _ page: ([Metrics]) throws -> Void
    ) throws {
        var edge = Edge(
            "act_\(account.facebookID)/insights",
            fields: InsightObject.fields(level),
            pageSize: 500,
            level
        )
        edge.parameters.append("level", level.rawValue)
        edge.parameters.append("time_range", #"{"since":"\#(days.since)","until":"\#(days.until)"}"#)
        edge.parameters.append("use_unified_attribution_setting", "true")
        edge.asksForTotal = false
        try forEachPage(
            edge,
            reading: { (object: InsightObject) in try object.model(level) },
            do: { metrics, _ in try page(metrics) }
        )
    }

    // MARK: Paging

    /// Follows the pages of an edge. A page ends the list only when it names no next one: a short or empty page does
    /// not. Only the cursor is taken from Facebook; the URL of the next page, which may hold a token, is our own.
    ///
    /// When Facebook forgets a cursor the edge is read again from its start, so a caller may meet an object twice.
    private func forEachPage<Object: Decodable, Value>(
        _ edge: Edge,
        reading read: (Object) throws -> Value,
        do body: ([Value], _ total: Int?) throws -> Void
    ) throws {
        var pageSize = edge.pageSize
        var cursor: String?
        var seen: Set<String> = []
        var restarts = 0
        while true {
            let page: (values: [Value], total: Int?, paging: Page<Object>.Paging?)
            do {
                page = try call(edge.path, edge.query(pageSize, after: cursor), pageSize: pageSize) {
                    (page: Page<Object>) in
                    (try page.data.map(read), page.summary?.totalCount, page.paging)
                }
            } catch is SmallerPage {
                pageSize = max(1, pageSize / 2)
                continue
            } catch let error as GraphError where error.kind == .cursorInvalid && cursor != nil && restarts < 2 {
                restarts += 1
                cursor = nil
                seen = []
                continue
            }
            try body(page.values, page.total)
            guard page.paging?.next != nil else { return }
            guard let next = page.paging?.cursors?.after else {
                throw GraphError(
                    kind: .transient,
                    status: 200,
                    message: "a page of \(edge.path) has a next one, and no cursor"
                )
            }
            guard seen.insert(next).inserted else {
                throw GraphError(kind: .transient, status: 200, message: "the pages of \(edge.path) go in a circle")
            }
            cursor = next
        }
    }

    /// The call needs a smaller page to succeed.
    private struct SmallerPage: Error {}

    // MARK: Calling

    /// One call, tried again as `Retry` says. An answer that cannot be read counts as a passing fault of Facebook's.
    private func call<Object: Decodable, Value>(
        _ path: String,
        _ query: QueryParameters,
        pageSize: Int?,
        reading read: (Object) throws -> Value
    ) throws -> Value {
        var attempt = 0
        while true {
            do {
                return try read(try callOnce(path, query))
            } catch let error as GraphError {
                attempt += 1
                let jitter = Double.random(in: 0..<1)
                switch Retry.decide(error.kind, attempt: attempt, pageSize: pageSize, jitter: jitter) {
                case .again(let seconds): sleep(seconds)
                case .smallerPage: throw SmallerPage()
                case .giveUp: throw error
                }
            }
        }
    }

    private func callOnce<Object: Decodable>(_ path: String, _ query: QueryParameters) throws(GraphError) -> Object {
        var query = query
        if let appSecret = credentials.appSecret {
            query.append("appsecret_proof", hmacSHA256(key: appSecret, message: credentials.token))
        }
        let request = HTTPRequest(
            path: "/\(credentials.version)/\(path)",
            query: query.encoded,
            // In a header, so that the token stands in no URL.
            headers: ["Authorization": "Bearer \(credentials.token)", "Accept": "application/json"]
        )
        calls += 1
        let response: HTTPResponse
        do {
            response = try send(request)
        } catch {
            let message = presentable("Facebook cannot be reached: \(error)", hiding: secrets)
            throw GraphError(kind: .transient, status: 0, message: message)
        }
        return try Answer.read(response, hiding: secrets)
    }

    private var secrets: [String] { [credentials.token] + (credentials.appSecret.map { [$0] } ?? []) }
}

@available(*, unavailable)
extension GraphClient: Sendable {}
