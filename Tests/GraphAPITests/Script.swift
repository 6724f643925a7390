import HTTPMessages
import Model
import TestSupport

@testable import GraphAPI

/// Requests whose responses arrive when a script says, by a clock that moves only while the client waits. It begins at
/// 0.
final class Script: HTTPExchanges {
    struct Call {
        let number: Int
        let request: HTTPRequest
        /// The last piece of the path: `ads`, `insights`.
        let edge: String
        /// The number of this call on its edge, from 1.
        let turn: Int
        let at: Double

        var query: QueryParameters? { try? QueryParameters(decoding: request.query) }
        var after: String? { query?["after"] }
        var version: Substring? { request.path.split(separator: "/").first }
    }

    enum Outcome {
        case answer(HTTPResponse, after: Double = 1)
        case failure(any Error, after: Double = 1)
        case silence
    }

    let clock = TestClock()
    var now: Double { clock.now }
    private(set) var calls: [Call] = []
    private(set) var cancelled = 0
    /// The times at which the client checked.
    private(set) var ticks: [Double] = []
    /// The events in their order: `ads ->` for a call, `ads <-` for its response.
    private(set) var log: [String] = []
    private(set) var events: [GraphEvent] = []
    /// The ids that were read, by edge.
    private(set) var read: [String: [String]] = [:]
    private var underWay: [(call: Call, outcome: Outcome, at: Double)] = []
    private let outcome: (Call) -> Outcome

    init(_ outcome: @escaping (Call) -> Outcome) {
        self.outcome = outcome
        clock.now = 0
    }

    lazy var client: GraphClient = {
        let client = GraphClient(
            GraphClient.Credentials(version: "v23.0", token: token, appSecret: nil),
            exchanges: self,
            clock: GraphClient.Clock(now: { [clock] in clock.now }, sleep: { [clock] in clock.now += $0 })
        )
        client.report = { [unowned self] in events.append($0) }
        return client
    }()

    // MARK: HTTPExchanges

    func start(_ request: HTTPRequest, number: Int) {
        let edge = request.path.split(separator: "/").last.map(String.init) ?? ""
        let turn = calls.count { $0.edge == edge } + 1
        let call = Call(number: number, request: request, edge: edge, turn: turn, at: clock.now)
        calls.append(call)
        log.append("\(edge) ->")
        let outcome = outcome(call)
        switch outcome {
        case .answer(_, let seconds), .failure(_, let seconds):
            underWay.append((call, outcome, clock.now + seconds))
        case .silence:
            underWay.append((call, outcome, .infinity))
        }
    }

    func next(within seconds: Double) -> HTTPExchange? {
        guard let first = underWay.indices.min(by: { underWay[$0].at < underWay[$1].at }) else { return nil }
        guard underWay[first].at <= clock.now + seconds else {
            clock.now += seconds
            return nil
        }
        let (call, outcome, at) = underWay.remove(at: first)
        clock.now = max(clock.now, at)
        log.append("\(call.edge) <-")
        switch outcome {
        case .answer(let response, _): return HTTPExchange(number: call.number, result: .success(response))
        case .failure(let error, _): return HTTPExchange(number: call.number, result: .failure(error))
        case .silence: return nil
        }
    }

    func cancelAll() {
        cancelled += underWay.count
        underWay = []
    }

    // MARK: Reading

    func read(_ edges: [String], tick: (Script) throws -> Void = { _ in }) throws {
        try client.read(edges.map(reading), of: AccountSummary.dollars.facebookID) {
            ticks.append(clock.now)
            try tick(self)
        }
    }

    /// - Parameter page: called with each page, in addition to the record.
    func reading(_ edge: String, page: @escaping (String) -> Void) -> any GraphReading {
        func take<Value>(_ id: @escaping (Value) -> String) -> (ListPage<Value>) -> Void {
            { [unowned self] in
                read[edge, default: []] += $0.values.map(id)
                page(edge)
            }
        }
        let restarted = { [unowned self] in read[edge] = [] }
        let start = ListPosition(pageSize: 100)
        let account = AccountSummary.dollars
        switch edge {
        case "campaigns":
            return GraphClient.objects(account, level: .campaign, at: start, page: take(\.id), restarted: restarted)
        case "adsets":
            return GraphClient.objects(account, level: .adSet, at: start, page: take(\.id), restarted: restarted)
        case "ads":
            return GraphClient.objects(account, level: .ad, at: start, page: take(\.id), restarted: restarted)
        default:
            return GraphClient.totals(
                account,
                level: .ad,
                days: november,
                at: start,
                report: ReportUse(),
                page: take(\.objectID),
                restarted: restarted
            )
        }
    }

    func reading(_ edge: String) -> any GraphReading { reading(edge) { _ in } }

    /// The called edges, in their order.
    var edges: [String] { calls.map(\.edge) }
}

@available(*, unavailable)
extension Script: Sendable {}

/// A row that every reading accepts.
func row(_ id: String) -> String {
    #"{"id":"\#(id)","campaign_id":"1","adset_id":"2","ad_id":"\#(id)"}"#
}

let everything = ["campaigns", "adsets", "ads", "insights"]
