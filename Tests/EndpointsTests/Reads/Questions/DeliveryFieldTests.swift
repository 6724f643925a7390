import Endpoints
import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

/// Delivery, issues and what Facebook says about the account, as the API returns them.
@Suite struct DeliveryFieldTests {
    let bench: Bench
    private var connection: Connection { bench.sample.database.connect() }

    init() throws {
        bench = try Bench()
    }

    private func ads(_ query: String) -> [JSON] {
        bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&\(query)").json["ads"].list
    }

    @Test("the group returns the word with its reasons, and the word can be compared and sorted")
    func word() throws {
        let rows = ads("fields=delivery")
        #expect(rows.count == 60)
        #expect(rows.allSatisfy { $0.names == ["id", "delivery", "issues", "review_feedback", "learning"] })
        let words = Set(rows.compactMap { $0["delivery"].string })
        #expect(words.count > 3)
        for word in words {
            let met = ads("fields=delivery&where=delivery=\(word.lowercased())")
            #expect(Set(met.compactMap { $0["delivery"].string }) == [word])
            #expect(met.count == rows.count { $0["delivery"].string == word })
        }
        let sorted = ads("fields=delivery&sort=delivery").compactMap { $0["delivery"].string }
        #expect(sorted == sorted.sorted())
    }

    @Test("lists are lists in JSON and JSON text in CSV; unknown ones are null")
    func lists() throws {
        let id = try #require(ads("fields=name")[0]["id"].string)
        let issues = #"[{"code": 7, "type": null, "level": "AD", "message": "=1+1 \"quoted\", <b>", "summary": "S"}]"#
        try connection.execute(
            "UPDATE creatives SET issues = \(issues)::jsonb, review_feedback = NULL WHERE facebook_ad_id = \(id)"
        )
        try connection.execute("UPDATE ad_accounts SET creatives_version = creatives_version + 1")
        let row = try #require(ads("fields=issues,review_feedback&where=issues~quoted").first)
        #expect(row["id"].string == id && row["review_feedback"].isNull)
        let issue = try #require(row["issues"].list.first)
        #expect(issue["message"].string == #"=1+1 "quoted", <b>"# && issue["code"].integer == 7 && issue["type"].isNull)
        #expect(ads("fields=name&where=review_feedback=null").compactMap { $0["id"].string } == [id])
        let csv = bench.get(
            "/api/ads",
            "adAccountId=\(bench.id)&status=ALL&format=csv&fields=issues&where=issues~quoted"
        )
        let text = try #require(String(validating: csv.body, as: UTF8.self))
        #expect(text.contains(#""[{""code"": 7,"#))
    }

    @Test("an account has what Facebook says about its money, in major units")
    func account() throws {
        bench.sample.order(
            #"{"fault":"state","status":2,"disable_reason":3,"spend_cap":123456,"amount_spent":99,"balance":-250}"#
        )
        #expect(try bench.sample.sync() == .done)
        let account = bench.get("/api/ad-accounts").json["adAccounts"][0]
        #expect(account["status"].string == "DISABLED" && account["disable_reason"].string == "RISK_PAYMENT")
        #expect(account["spend_cap"].number == 1234.56 && account["amount_spent"].number == 0.99)
        #expect(account["balance"].number == -2.5)
        #expect(
            Set(ads("fields=delivery").compactMap { $0["delivery"].string }).isSubset(of: [
                "ACCOUNT_STOPPED", "DELETED", "ARCHIVED",
            ])
        )
        // Facebook refuses a field: its value stays.
        bench.sample.order(#"{"fault":"field_refused","field":"balance","path":"act_"}"#)
        bench.sample.order(#"{"fault":"state","spend_cap":0,"balance":7}"#)
        #expect(try bench.sample.sync() == .done)
        let later = bench.get("/api/ad-accounts").json["adAccounts"][0]
        #expect(later["balance"].number == -2.5 && later["spend_cap"].isNull)
    }
}
