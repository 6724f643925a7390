import GraphAPI
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

@Suite struct FailureTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
    }

    private func status() throws -> SyncStatus {
        try #require(try sample.store.syncStatus(of: sample.account, interval: 600))
    }

    /// Syncs, then changes something and orders a fault, so that a second run could lose data.
    private func syncThenOrder(_ fault: String) throws -> [String] {
        #expect(try sample.sync() == .done)
        try sample.renameOneOfEach(to: "Renamed")
        sample.order(fault)
        return try sample.contents()
    }

    /// - Parameter before: the objects that must be unchanged; `nil` if they were read and must be new.
    private func expectFailure(_ before: [String]?) throws {
        if let before {
            #expect(try sample.contents() == before)
        } else {
            for table in ["campaigns", "ad_groups", "creatives"] {
                #expect(try sample.ids(table, where: "name = 'Renamed'").count == 1, "\(table)")
            }
        }
        let status = try status()
        #expect(status.recorded == "error")
        #expect(status.run?.outcome == "failed")
        #expect(status.run?.error == status.error)
        #expect(status.state.unfinished == nil)
        #expect(status.lastSyncedAt != nil)
        #expect(status.error?.contains(GraphSimulator.demoToken) == false)
    }

    @Test("an expired token fails the run, names the remedy, and holds the account until there is another")
    func tokenExpired() throws {
        let before = try syncThenOrder(#"{"fault":"token_expired"}"#)
        var messages: [String] = []
        let outcome = try sample.sync { event in
            if case .failed(_, let message) = event { messages.append(message) }
        }
        #expect(outcome == .failed)
        try expectFailure(before)
        let status = try status()
        #expect(messages == [status.error])
        #expect(status.error?.contains("admirror account set-token") == true)
        #expect(status.state.hold == Hold(reason: .tokenExpired, secondsLeft: .infinity))
        #expect(try sample.sync() == nil)
    }

    @Test("a token that Facebook repeats in its error is in none of our texts")
    func tokenRepeated() throws {
        _ = try sample.store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
        let run = try #require(try sample.store.claimRun())
        let token = GraphSimulator.demoToken
        let client = GraphClient(
            GraphClient.Credentials(version: "v23.0", token: token, appSecret: "very-secret"),
            exchanges: SequentialExchanges { _ in
                HTTPResponse(
                    status: 400,
                    json: #"{"error":{"message":"Bad token \#(token) very-secret","code":190,"type":"OAuthException"}}"#
                )
            },
            clock: GraphClient.Clock(now: { Sample.now }, sleep: { _ in })
        )
        #expect(sample.engine(client: { client }).perform(run) == .failed)
        let error = try #require(try status().error)
        #expect(!error.contains(token))
        #expect(!error.contains("very-secret"))
    }

    @Test("a rate limit holds the account for as long as Facebook states", arguments: [("9", 540.0), ("1", 300.0)])
    func rateLimited(_ minutes: String, _ seconds: Double) throws {
        _ = try syncThenOrder(#"{"fault":"rate_limited","value":\#(minutes),"path":"insights"}"#)
        let earlier = Facebook(sample: sample).calls()["GET act/insights"] ?? 0
        #expect(try sample.sync() == .failed)
        try expectFailure(nil)
        let hold = try #require(try status().state.hold)
        #expect(hold.reason == .rateLimited)
        #expect(hold.secondsLeft > seconds - 30 && hold.secondsLeft <= seconds)
        // No call after the one that met the limit.
        #expect(Facebook(sample: sample).calls()["GET act/insights"] == earlier + 1)
        #expect(try sample.sync() == nil)
        #expect(Facebook(sample: sample).calls()["GET act/insights"] == earlier + 1)
    }

    @Test("a missing permission fails the run and is named")
    func permission() throws {
        _ = try syncThenOrder(#"{"fault":"permission","path":"insights"}"#)
        #expect(try sample.sync() == .failed)
        try expectFailure(nil)
        let status = try status()
        #expect(status.error?.contains("ads_read") == true)
        #expect(status.state.hold?.reason == .retryLater)
    }

    @Test("a blocked app is reported as such, and holds the account for an hour")
    func appBlocked() throws {
        sample.order(
            #"{"fault":"error","code":200,"status":403,"message":"API access blocked.","user_title":"Blocked","user_message":"See the alerts."}"#
        )
        #expect(try sample.sync() == .failed)
        let status = try status()
        let error = try #require(status.error)
        #expect(error.hasPrefix("Facebook has blocked the app's access to the API, at act_"))
        #expect(error.contains("Facebook explains: Blocked: See the alerts."))
        #expect(!error.contains("ads_read"))
        let hold = try #require(status.state.hold)
        #expect(hold.reason == .retryLater && hold.secondsLeft > 3500)
    }

    @Test(
        "a dead token and a limit hold the account in every shape of the response",
        arguments: ["number_in_text", "rest", "html", "text_in_text", "cut", "oauth"]
    )
    func shapes(shape: String) throws {
        sample.order(#"{"fault":"token_expired","shape":"\#(shape)"}"#)
        #expect(try sample.sync() == .failed)
        #expect(try status().state.hold?.reason == .tokenExpired)
        let other = try Sample()
        other.order(#"{"fault":"rate_limited","shape":"\#(shape)"}"#)
        #expect(try other.sync() == .failed)
        #expect(try other.store.syncStatus(of: other.account, interval: 600)?.state.hold?.reason == .rateLimited)
    }

    @Test("a run without a client fails with the reason")
    func noClient() throws {
        struct NoKey: Error, CustomStringConvertible {
            var description: String { "the key is missing" }
        }
        _ = try sample.store.requestSync(of: sample.account, trigger: .manual, isForced: true, interval: 600)
        let run = try #require(try sample.store.claimRun())
        #expect(sample.engine(client: { throw NoKey() }).perform(run) == .failed)
        #expect(try status().error?.contains("the key is missing") == true)
    }

    @Test(
        "runs survive passing faults, and all data arrives",
        arguments: [
            #"{"fault":"transient","times":3}"#,
            #"{"fault":"transient","times":4,"path":"insights"}"#,
            #"{"fault":"server_error_html","times":2,"path":"/ads"}"#,
            #"{"fault":"error_in_200","times":2,"path":"campaigns"}"#,
            #"{"fault":"reduce_data","value":40}"#,
            #"{"fault":"reduce_data","value":5,"path":"/ads"}"#,
            #"{"fault":"reduce_data","value":1,"path":"insights"}"#,
        ]
    )
    func survived(_ fault: String) throws {
        let other = try Sample()
        #expect(try other.sync() == .done)
        sample.order(fault)
        #expect(try sample.sync() == .done)
        let withoutAccount = { (sample: Sample) in
            try sample.contents().map { $0.replacing(sample.account.rawValue, with: "") }
        }
        #expect(try withoutAccount(sample) == withoutAccount(other))
        #expect(try status().error == nil)
    }

    @Test("a truncated body is requested again", arguments: ["campaigns", "/ads", "insights"])
    func truncated(_ path: String) throws {
        sample.order(#"{"fault":"body_not_json","times":1,"path":"\#(path)"}"#)
        let outcome = try sample.sync()
        #expect(outcome == .done)
    }

    @Test(
        "an unreadable list fails the run with a pause of a minute, and the other lists are stored",
        arguments: ["transient", "server_error_html"]
    )
    func lasting(_ fault: String) throws {
        let before = try syncThenOrder(#"{"fault":"\#(fault)","path":"adsets"}"#)
        #expect(try sample.sync() == .failed)
        #expect(try sample.ids("campaigns", where: "name = 'Renamed'").count == 1)
        #expect(try sample.ids("creatives", where: "name = 'Renamed'").count == 1)
        #expect(try sample.ids("ad_groups", where: "name = 'Renamed'").isEmpty)
        #expect(try status().recorded == "error")
        #expect(try status().error?.hasPrefix("Ad sets could not be read.") == true)
        let hold = try #require(try status().state.hold)
        #expect(hold.reason == .retryLater)
        #expect(hold.secondsLeft > 30 && hold.secondsLeft <= 60)
        sample.order(#"{"fault":"latency","value":0}"#)
        #expect(sample.simulator.respond(to: HTTPRequest(method: "DELETE", path: "/_control")).status == 200)
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() != before)
        #expect(try status().state.hold == nil)
    }

    @Test("a run that is asked to stop keeps the old data and is recorded as interrupted", arguments: [1, 3, 6, 9])
    func stopped(_ questions: Int) throws {
        let before = try syncThenOrder(#"{"fault":"latency","value":0}"#)
        var asked = 0
        var events: [String] = []
        let outcome = try sample.sync(
            report: { event in
                switch event {
                case .interrupted: events.append("interrupted")
                case .failed, .finished, .lost: events.append("other")
                default: break
                }
            },
            isStopping: {
                asked += 1
                return asked >= questions
            }
        )
        #expect(outcome == .interrupted)
        #expect(events == ["interrupted"])
        #expect(try sample.contents() == before)
        let status = try status()
        #expect(status.recorded == "idle")
        #expect(status.run?.outcome == "interrupted")
        #expect(status.state.hold == nil)
        #expect(try sample.sync() == .done)
    }

    @Test(
        "a database connection lost in the middle leaves the old data; the next request repairs it",
        arguments: [SyncRun.Phase.campaigns, .adSets, .insights, .saving]
    )
    func connectionLost(_ phase: SyncRun.Phase) throws {
        let before = try syncThenOrder(#"{"fault":"latency","value":0}"#)
        let database = sample.database
        let connection = database.connect()
        var isCut = false
        let outcome = try sample.sync { event in
            guard case .progressed(_, let progress) = event, progress.phase == phase, !isCut else { return }
            isCut = true
            do {
                try database.terminateOthers(but: connection)
            } catch {
                Issue.record(error)
            }
        }
        #expect(isCut)
        #expect(outcome == .failed)
        #expect(try sample.contents() == before)
        #expect(try sample.sync() == .done)
        #expect(try sample.contents() != before)
        #expect(try status().recorded == "idle")
        #expect(try connection.integer("SELECT count(*) FROM sync_runs WHERE finished_at IS NULL") == 0)
    }

    @Test(
        "each sync warns of a time zone that PostgreSQL does not know, counts days in UTC, and reads nothing twice",
        arguments: ["Mars/Olympus", "14", "UTC+3"]
    )
    func unknownZone(_ name: String) throws {
        let simulator = sample.simulator
        var listings = 0
        let send = { (request: HTTPRequest) in
            if request.path.hasSuffix("/campaigns") { listings += 1 }
            var response = simulator.respond(to: request)
            let text = String(decoding: response.body, as: UTF8.self)
            response.body = Array(text.replacing(#"America\/Los_Angeles"#, with: name).utf8)
            return response
        }
        for isForced in [false, true] {
            listings = 0
            var warnings: [String] = []
            let outcome = try sample.sync(
                isForced: isForced,
                report: { if case .warned(_, let text) = $0 { warnings.append(text) } },
                client: { [sample] in sample.client(send: send) }
            )
            #expect(outcome == .done)
            #expect(warnings.count == 1 && warnings.first?.contains(name) == true, "\(warnings)")
            #expect(listings == 1)
        }
        let connection = sample.database.connect()
        #expect(try connection.integer("SELECT metrics_until - now()::date FROM ad_accounts") == 0)
        #expect(
            try connection.text("SELECT concat_ws('|', time_zone, facebook_time_zone) FROM ad_accounts")
                == "UTC|\(name)"
        )
        // The name was damaged, and the next ordinary sync reads the right one.
        try sample.pass(600, movesClock: false)
        #expect(try sample.sync(isForced: false) == .done)
        #expect(try connection.text("SELECT time_zone FROM ad_accounts") == "America/Los_Angeles")
    }

    @Test("a zone that PostgreSQL knows with other capitals is that zone, and read once")
    func respelledZone() throws {
        let simulator = sample.simulator
        var listings = 0
        let send = { (request: HTTPRequest) in
            if request.path.hasSuffix("/campaigns") { listings += 1 }
            var response = simulator.respond(to: request)
            let text = String(decoding: response.body, as: UTF8.self)
            response.body = Array(text.replacing(#"America\/Los_Angeles"#, with: "us/pacific").utf8)
            return response
        }
        for _ in 0..<2 {
            listings = 0
            let outcome = try sample.sync(isForced: true, client: { [sample] in sample.client(send: send) })
            #expect(outcome == .done)
            #expect(listings == 1)
        }
        let zones = "SELECT concat_ws('|', time_zone, facebook_time_zone) FROM ad_accounts"
        #expect(try sample.database.connect().text("\(raw: zones)") == "US/Pacific|us/pacific")
    }
}
