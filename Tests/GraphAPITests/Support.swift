import Foundation
import GraphSimulator
import HTTPMessages
import Model
import TestSupport
import Testing

@testable import GraphAPI

let token = "EAAtesttoken0123456789"
let appSecret = "testappsecret0123456789"

/// A client that records its requests, responses and waits.
final class Recorder {
    var requests: [HTTPRequest] = []
    /// The waits before retries.
    var waits: [Double] = []
    var adaptations: [Adaptation] = []
    var warnings: [String] = []
    /// Seconds of delay from spacing.
    var slowed: [Double] = []
    let clock: TestClock
    var now: Double { clock.now }
    private let answer: (HTTPRequest) throws -> HTTPResponse
    private let credentials: GraphClient.Credentials

    init(
        token: String = token,
        appSecret: String? = nil,
        clock: TestClock = TestClock(),
        answer: @escaping (HTTPRequest) throws -> HTTPResponse
    ) {
        self.clock = clock
        credentials = GraphClient.Credentials(version: "v23.0", token: token, appSecret: appSecret)
        self.answer = answer
    }

    /// Scripted responses, one for each call; one call too many is an issue.
    convenience init(_ answers: [HTTPResponse], appSecret: String? = nil) {
        var rest = answers[...]
        self.init(appSecret: appSecret) { request in
            guard let next = rest.popFirst() else {
                Issue.record("an unexpected call: \(request.target)")
                return HTTPResponse(status: 400, json: #"{"error":{"code":100,"message":"unexpected"}}"#)
            }
            return next
        }
    }

    /// The same response to every call.
    convenience init(always answer: HTTPResponse, appSecret: String? = nil) {
        self.init(appSecret: appSecret) { _ in answer }
    }

    lazy var client: GraphClient = {
        let client = GraphClient(
            credentials,
            exchanges: SequentialExchanges { [unowned self] request in
                requests.append(request)
                return try answer(request)
            },
            clock: GraphClient.Clock(now: { [clock] in clock.now }, sleep: { [clock] in clock.now += $0 })
        )
        client.report = { [unowned self] event in
            switch event {
            case .retrying(_, let seconds): waits.append(seconds)
            case .adapted(_, let adaptation, _): adaptations.append(adaptation)
            case .slowedDown(let seconds): slowed.append(seconds)
            case .warned(let text): warnings.append(text)
            }
        }
        return client
    }()

    func parameters(_ call: Int) throws -> QueryParameters { try QueryParameters(decoding: requests[call].query) }

    /// The values of a parameter, call by call.
    func sent(_ name: String) throws -> [String?] {
        try requests.indices.map { try parameters($0)[name] }
    }

    // The rows of each edge, collected.

    func campaigns(
        _ account: AccountSummary = .dollars,
        since: Timestamp? = nil,
        at position: ListPosition = ListPosition(pageSize: 500)
    ) throws -> [Campaign] {
        try pages(.campaign, account, since: since, at: position).flatMap(\.values).compactMap { object in
            if case .campaign(let campaign) = object { campaign } else { nil }
        }
    }

    func adSets(_ account: AccountSummary = .dollars) throws -> [AdSet] {
        try pages(.adSet, account).flatMap(\.values).compactMap { object in
            if case .adSet(let adSet) = object { adSet } else { nil }
        }
    }

    func ads(_ account: AccountSummary = .dollars) throws -> [Ad] {
        try pages(.ad, account).flatMap(\.values).compactMap { object in
            if case .ad(let ad) = object { ad } else { nil }
        }
    }

    func pages(
        _ level: Level,
        _ account: AccountSummary = .dollars,
        since: Timestamp? = nil,
        at position: ListPosition = ListPosition(pageSize: 500)
    ) throws -> [ListPage<MirroredObject>] {
        var all: [ListPage<MirroredObject>] = []
        try read(
            GraphClient.objects(
                account,
                level: level,
                since: since,
                at: position,
                page: { all.append($0) },
                restarted: { all = [] }
            ),
            account
        )
        return all
    }

    func metrics(
        _ level: Level = .ad,
        _ account: AccountSummary = .dollars,
        report: ReportUse = ReportUse()
    ) throws -> [ObjectTotals] {
        try metricPages(level, account, report: report).flatMap(\.values)
    }

    func metricPages(
        _ level: Level = .ad,
        _ account: AccountSummary = .dollars,
        at position: ListPosition = ListPosition(pageSize: 500),
        report: ReportUse = ReportUse()
    ) throws -> [ListPage<ObjectTotals>] {
        var all: [ListPage<ObjectTotals>] = []
        try read(
            GraphClient.totals(
                account,
                level: level,
                days: november,
                at: position,
                report: report,
                page: { all.append($0) },
                restarted: { all = [] }
            ),
            account
        )
        return all
    }

    func adDays(_ account: AccountSummary = .dollars, report: ReportUse = ReportUse()) throws -> [AdDay] {
        var all: [AdDay] = []
        try read(
            GraphClient.adDays(
                account,
                days: november,
                at: ListPosition(pageSize: 500),
                report: report,
                page: { all += $0.values },
                restarted: { all = [] }
            ),
            account
        )
        return all
    }

    func read(_ reading: any GraphReading, _ account: AccountSummary = .dollars) throws {
        try client.read([reading], of: account.facebookID)
    }
}

let november = DayRange(since: Day(daysSince1970: 20_758), until: Day(daysSince1970: 20_780))

extension AccountSummary {
    static var dollars: AccountSummary { summary("10000000000001", "USD") }
    static var yen: AccountSummary { summary("10000000000001", "JPY") }

    private static func summary(_ id: String, _ currency: String) -> AccountSummary {
        AccountSummary(facebookID: id, name: "", currency: currency, timeZone: "UTC", status: nil)
    }
}

extension HTTPResponse {
    static func json(_ text: String) -> HTTPResponse { HTTPResponse(status: 200, json: text) }

    /// A page as Facebook sends it, with cursors for its rows.
    /// - Parameter next: the cursor of the page after this one.
    static func page(_ rows: [String], next: String? = nil) -> HTTPResponse {
        let paging = next.map {
            #","paging":{"cursors":{"before":"b","after":"\#($0)"},"next":"https://evil.example/v1.0/other?after=\#($0)-not"}"#
        }
        let last = rows.isEmpty ? "" : #","paging":{"cursors":{"before":"b","after":"l"}}"#
        return json(#"{"data":[\#(rows.joined(separator: ","))]\#(paging ?? last)}"#)
    }

    static func error(
        _ code: Int,
        subcode: Int = 0,
        status: Int = 400,
        message: String = "no",
        headers: HTTPHeaders = [:]
    ) -> HTTPResponse {
        HTTPResponse(
            status: status,
            headers: headers,
            json:
                #"{"error":{"message":"\#(message)","type":"OAuthException","code":\#(code),"error_subcode":\#(subcode)}}"#
        )
    }
}

func campaign(_ id: String) -> String {
    #"{"id":"\#(id)","name":"n","status":"ACTIVE","effective_status":"ACTIVE"}"#
}

func insight(_ members: String) -> String { #"{"ad_id":"120208325579370399",\#(members)}"# }

/// The error of a call that must fail.
func graphError<Result>(_ call: () throws -> Result) -> GraphError? {
    do {
        _ = try call()
        return nil
    } catch {
        return error as? GraphError
    }
}

/// The simulator with small pages, so that each list has many.
final class SimulatedGraph {
    static let token = GraphSimulator.demoToken
    let simulator: GraphSimulator
    let recorder: Recorder
    let account: AccountSummary

    init(_ world: World = .small, pageSize: Int = 1000, appSecret: String? = nil) throws {
        let clock = TestClock()
        let simulator = GraphSimulator(
            now: { clock.now },
            baseURL: "http://127.0.0.1/simulator",
            world: world,
            appSecret: appSecret
        )
        simulator.pageSizeCap = pageSize
        simulator.insightsPageSizeCap = pageSize
        self.simulator = simulator
        recorder = Recorder(token: GraphSimulator.demoToken, appSecret: appSecret, clock: clock) {
            simulator.respond(to: $0)
        }
        let spec = world.accounts[0]
        account = AccountSummary(
            facebookID: spec.id,
            name: spec.name,
            currency: spec.currency,
            timeZone: spec.timeZone,
            status: "ACTIVE"
        )
        order(#"{"fault":"freeze"}"#)
    }

    func order(_ json: String) {
        let response = simulator.respond(to: HTTPRequest(method: "POST", path: "/_control", body: Array(json.utf8)))
        precondition(response.status == 200, String(decoding: response.body, as: UTF8.self))
    }

    /// Calls by kind, as the simulator counted them.
    func calls() throws -> [String: Int] {
        let body = simulator.respond(to: HTTPRequest(path: "/_control")).body
        let counts = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        return counts?["calls"] as? [String: Int] ?? [:]
    }

    /// All rows of an edge, requested in one page and read without the client.
    func rows(_ edge: String, _ query: [(String, String)]) throws -> [[String: Any]] {
        let (cap, insightsCap) = (simulator.pageSizeCap, simulator.insightsPageSizeCap)
        (simulator.pageSizeCap, simulator.insightsPageSizeCap) = (5000, 5000)
        defer { (simulator.pageSizeCap, simulator.insightsPageSizeCap) = (cap, insightsCap) }
        var parameters = QueryParameters([.init(name: "limit", value: "5000")])
        for (name, value) in query { parameters.append(name, value) }
        let response = simulator.respond(
            to: HTTPRequest(
                path: "/v23.0/act_\(account.facebookID)/\(edge)",
                query: parameters.encoded,
                headers: ["Authorization": "Bearer \(GraphSimulator.demoToken)"]
            )
        )
        let object = try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
        return try #require(object?["data"] as? [[String: Any]])
    }
}
