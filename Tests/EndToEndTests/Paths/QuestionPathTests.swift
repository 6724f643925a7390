import Foundation
import HTTPMessages
import Postgres
import TestSupport
import Testing

/// Filters, forms and revalidation through nginx: what is cached, under which key, and for how long.
extension ReadPathTests {
    private func cacheStatus(_ target: String, _ headers: [(String, String)] = []) throws -> String? {
        let response = try stack.send("GET", target, headers: headers)
        #expect(response.status == 200, "\(target): \(response.text)")
        return response.headers["X-Cache"]
    }

    @Test("all spellings of one query share a cache entry, and another query has its own")
    func questions() throws {
        let base = "/api/ads?adAccountId=\(Stack.dollars)"
        #expect(try cacheStatus("\(base)&q=a&sort=-spend&limit=7&status=ACTIVE,PAUSED") == "MISS")
        let first = try stack.hit("\(base)&q=a&sort=-spend&limit=7&status=ACTIVE,PAUSED")
        for same in [
            "limit=7&status=paused,active&sort=-spend&q=a&adAccountId=act_\(Stack.dollars)",
            "junk=\(UUID())&q=%61&limit=07&sort=-spend&status=PAUSED%2CACTIVE&adAccountId=\(Stack.dollars)&format=json",
        ] {
            let response = try stack.send("GET", "/api/ads?\(same)")
            #expect(response.headers["X-Cache"] == "HIT", "\(same)")
            #expect(response.body == first.body)
        }
        for other in [
            "&q=a&sort=spend&limit=7", "&q=b&sort=-spend&limit=7", "&q=a&limit=8", "&from=2026-01-01&to=2026-01-02",
        ] {
            #expect(try cacheStatus(base + other) == "MISS", "\(other)")
            _ = try stack.hit(base + other)
        }
    }

    @Test("conditions, ranges, fields and comparisons in another order and spelling are one cache entry")
    func conditions() throws {
        // A commit of older days would make another version of the answer.
        try stack.waitForChildren()
        let base = "/api/ads?adAccountId=\(Stack.euros)"
        let first = try stack.hit(
            "\(base)&range=last_7d&compare=previous&totals=true&fields=default,cpm&where=impressions%3E%3D5&where=name~a"
        )
        #expect(first.text.contains(#""previous_coverage":{"date_start":""#))
        for same in [
            "&where=name+~+a&where=impressions+%3E%3D+05.0&fields=cpm,default&totals=true&compare=previous&range=last_7d",
            "&where=name~a&includeToday=false&where=impressions%3E=5&x=1&range=last_7d&where=name~a&totals=true"
                + "&compare=previous&fields=id,default,cpm",
        ] {
            let response = try stack.send("GET", base + same)
            #expect(response.headers["X-Cache"] == "HIT" && response.body == first.body, "\(same)")
        }
        for other in ["where=impressions%3E5", "where=impressions%3E%3D5", "where=impressions=null"] {
            #expect(try cacheStatus("\(base)&\(other)") == "MISS", "\(other)")
            _ = try stack.hit("\(base)&\(other)")
        }
        for wrong in ["where=impressions", "where=spendings%3E5", "compare=previous", "range=last_7d&from=2026-01-01"] {
            let response = try stack.send("GET", "\(base)&\(wrong)")
            #expect(response.status == 400 && response.headers["X-Cache"] != "HIT", "\(wrong)")
        }
    }

    @Test("a named range and its days are one cache entry until midnight, and after it another")
    func namedRanges() throws {
        // A commit of older days would make another version of the answer.
        try stack.waitForChildren()
        let zone = try #require(
            try stack.database().text("SELECT time_zone FROM ad_accounts WHERE facebook_account_id = \(Stack.yen)")
        )
        let setZone = { (name: String) in
            try stack.database().execute(
                "UPDATE ad_accounts SET time_zone = \(name) WHERE facebook_account_id = \(Stack.yen)"
            )
        }
        defer { #expect(throws: Never.self) { try setZone(zone) } }
        // Between these two zones there is always one day.
        try setZone("Etc/GMT+11")
        let yesterday = try #require(try stack.database().text("SELECT (now() AT TIME ZONE 'Etc/GMT+11')::date - 1"))
        let base = "/api/campaigns?adAccountId=\(Stack.yen)"
        let kept = try stack.hit("\(base)&range=yesterday")
        #expect(kept.text.contains(#""date_end":"\#(yesterday)""#))
        for same in ["from=\(yesterday)&to=\(yesterday)", "includeToday=true&range=yesterday", "x=1&range=yesterday"] {
            let response = try stack.send("GET", "\(base)&\(same)")
            #expect(response.headers["X-Cache"] == "HIT" && response.body == kept.body, "\(same)")
        }
        try setZone("Etc/GMT-13")
        // An authorization is kept for the rest of its second.
        try eventually("the range is that of the next day", seconds: 5) {
            try stack.send("GET", "\(base)&range=yesterday").body != kept.body
        }
        let next = try stack.hit("\(base)&range=yesterday")
        #expect(next.text.contains(#""date_end":"\#(yesterday)""#) == false)
        #expect(try stack.hit("\(base)&from=\(yesterday)&to=\(yesterday)").body == kept.body)
    }

    @Test("pages through nginx add up to the whole list, and each is cached")
    func pages() throws {
        let base = "/api/ads?adAccountId=\(Stack.euros)&sort=name"
        let whole = try #require(try stack.send("GET", base).json()["ads"] as? [[String: Any]])
        var all: [String] = []
        var target: String? = base + "&limit=60"
        while let current = target {
            let page = try stack.send("GET", current)
            #expect(try stack.hit(current).body == page.body)
            let json = try page.json()
            all += (json["ads"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
            target = ((json["paging"] as? [String: String])?["next"]).map { base + "&limit=60&cursor=\($0)" }
        }
        #expect(all == whole.compactMap { $0["id"] as? String })
        #expect(all.count > 300)
    }

    @Test("CSV and JSON of one query are cached separately, whether requested by parameter or header")
    func formats() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.yen)&sort=name"
        let json = try stack.send("GET", target)
        let csv = try stack.hit(target, headers: [("Accept", "text/csv")])
        #expect(json.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(csv.headers["Content-Type"]?.hasPrefix("text/csv") == true)
        #expect(csv.text.hasPrefix("\u{FEFF}id,name,status,"))
        #expect(try stack.send("GET", target).body == json.body)
        let again = try stack.send("GET", "\(target)&format=csv")
        #expect(again.headers["X-Cache"] == "HIT")
        #expect(again.body == csv.body)
    }

    @Test("series and changes are cached and refused like tables", arguments: ["insights", "changes"])
    func otherReads(route: String) throws {
        let target = "/api/\(route)?adAccountId=\(Stack.dollars)"
        let first = try stack.send("GET", target)
        #expect(first.status == 200)
        #expect(first.headers["Cache-Control"] == "public, s-maxage=300, stale-while-revalidate=600")
        #expect(try stack.hit(target).body == first.body)
        let tag = try #require(first.headers["ETag"])
        #expect(try stack.send("GET", target, headers: [("If-None-Match", tag)]).status == 304)
        #expect(try stack.send("GET", target, token: "adm_wrong").status == 401)
        #expect(try stack.send("GET", target, token: .some(nil)).status == 401)
    }

    @Test("errors are not cached")
    func errors() throws {
        for target in [
            "/api/ads?adAccountId=\(Stack.dollars)&limit=0", "/api/ads?adAccountId=\(Stack.dollars)&cursor=abc",
            "/api/ads",
            "/api/insights?adAccountId=\(Stack.dollars)&level=ad&id=5", "/api/changes?adAccountId=77",
        ] {
            for _ in 0..<3 {
                let response = try stack.send("GET", target)
                #expect((400..<405).contains(response.status))
                #expect(response.headers["Cache-Control"] == "no-store")
                #expect(response.headers["X-Cache"] != "HIT")
            }
        }
    }

    @Test(
        "within a second, revalidation by tag, by path or by command makes the next read come from the database"
    )
    func revalidation() throws {
        let target = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let id = try #require(try accountID(Stack.dollars))
        let change = { (name: String) in
            try stack.database().execute(
                """
                UPDATE campaigns SET name = \(name) WHERE facebook_campaign_id = (
                    SELECT facebook_campaign_id FROM campaigns c JOIN ad_accounts a ON a.id = c.ad_account_id
                    WHERE a.facebook_account_id = \(Stack.dollars) AND c.status = 'ACTIVE' ORDER BY c.created_at DESC LIMIT 1)
                """
            )
        }
        let post = { (body: String) in
            let response = try stack.send(
                "POST",
                "/api/revalidate",
                headers: [("Content-Type", "application/json")],
                body: body
            )
            #expect(response.status == 200, "\(response.text)")
        }
        let command = { (target: String) in
            let result = try stack.admirror("revalidate", target, "--json")
            #expect(result.status == 0, "\(result.errors)")
        }
        let ways: [(String, () throws -> Void)] = [
            ("by tag", { try post(#"{"tag":"campaigns-\#(id)"}"#) }),
            ("by path", { try post(#"{"path":"/api/campaigns"}"#) }),
            ("by command", { try command("campaigns-act_\(Stack.dollars)") }),
            ("by command for all", { try command("/api/campaigns") }),
        ]
        for (name, revalidate) in ways {
            try eventually("an answer is kept", seconds: 5) { try cacheStatus(target) == "HIT" }
            _ = try change(name)
            #expect(try stack.send("GET", target).text.contains(name) == false)
            try revalidate()
            let asked = ContinuousClock.now
            try eventually(name, seconds: 5) { try stack.send("GET", target).text.contains(name) }
            #expect(ContinuousClock.now - asked < .seconds(2.5))
        }
        #expect(try stack.admirror("revalidate", "nonsense").status == 64)
        #expect(try stack.admirror("revalidate", "campaigns-77").status == 1)
    }

    @Test("no client header counts as a grant")
    func forgedGrants() throws {
        let id = try #require(try accountID(Stack.dollars))
        for name in ["ADMIRROR_GRANT", "Admirror-Grant", "X-Cache-Key", "X-Grant"] {
            let response = try stack.send(
                "GET",
                "/api/campaigns?adAccountId=\(Stack.dollars)",
                token: .some(nil),
                headers: [(name, "campaigns:\(id):2:1:::")]
            )
            #expect(response.status == 401)
        }
    }
}
