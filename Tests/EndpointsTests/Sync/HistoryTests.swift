import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// A manager requests more days of an account's results.
@Suite struct HistoryTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func ask(_ days: String) -> HTTPResponse {
        bench.post(#"{"adAccountId":"\#(bench.id)","historyDays":\#(days)}"#)
    }

    private var history: JSON { bench.get("/api/sync/status").json["history"] }

    @Test("a request for more days starts a sync even if the data is fresh; the same number again does not")
    func more() throws {
        #expect(history["days"].integer == 90)
        let response = ask("365")
        #expect(response.status == 202 && response.json["status"].string == "started")
        #expect(bench.started == [.account(bench.sample.account)])
        #expect(history["days"].integer == 365)
        let today = try #require(
            try bench.sample.database.connect().text("SELECT (now() AT TIME ZONE time_zone)::date FROM ad_accounts")
        )
        #expect(history["from"].string == Day(today).map { "\($0 + -364)" })
        try bench.sql("UPDATE sync_runs SET finished_at = now(), outcome = 'done'")
        #expect(ask("365").json["status"].string == "skipped")
        // A number below every account's default changes no stored days.
        #expect(ask("7").status == 200)
        #expect(history["days"].integer == 90)
    }

    @Test("the status counts the stored days")
    func held() throws {
        let connection = bench.sample.database.connect()
        let held = try connection.integer("SELECT count(*) FROM insights_days WHERE state = 'complete'")
        #expect(history["held"].integer == held)
    }

    @Test(
        "a number that is invalid, or more than Facebook keeps, is refused",
        arguments: ["0", "-1", "1124", "99999999999", #""90""#, "1.5"]
    )
    func refused(_ days: String) throws {
        #expect(isError(ask(days), 400, "BODY_INVALID"))
        #expect(try bench.sample.database.connect().text("SELECT history_days FROM ad_accounts") == nil)
    }

    @Test("only managers may request days; without the member nothing changes")
    func roles() throws {
        #expect(ask("null").json["status"].string == "skipped")
        let viewer = try Bench(role: .viewer)
        let response = viewer.post(#"{"adAccountId":"\#(viewer.id)","historyDays":365}"#)
        #expect(isError(response, 403, "ROLE_INSUFFICIENT") || response.status == 403)
        #expect(try viewer.sample.database.connect().text("SELECT history_days FROM ad_accounts") == nil)
    }

    @Test("an account on hold keeps the request, and the list of accounts gives the reason")
    func heldOff() throws {
        try bench.hold("RATE_LIMITED", "now() + interval '1 hour'")
        #expect(ask("400").status == 429)
        #expect(history["days"].integer == 400)
        let account = bench.get("/api/ad-accounts", "").json["adAccounts"][0]
        #expect(account["hold"].string == "RATE_LIMITED" && account["held_until"].string?.hasSuffix("Z") == true)
        try bench.hold("TOKEN_EXPIRED", "'infinity'")
        let expired = bench.get("/api/ad-accounts", "").json["adAccounts"][0]
        #expect(expired["hold"].string == "TOKEN_EXPIRED" && expired["held_until"].isNull)
    }
}
