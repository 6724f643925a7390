import Endpoints
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

@Suite struct CSVTests {
    let bench: Bench

    init() throws {
        bench = try Bench()
    }

    /// The records after the byte order mark.
    private func records(_ response: HTTPResponse) -> [[String]] {
        #expect(response.body.starts(with: [0xEF, 0xBB, 0xBF]), "\(response.text.prefix(100))")
        return records(String(decoding: response.body.dropFirst(3), as: UTF8.self))
    }

    /// Parses records by the grammar of RFC 4180.
    private func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        var characters = Array(text.unicodeScalars)[...]
        while let character = characters.popFirst() {
            switch character {
            case "\"" where isQuoted && characters.first == "\"":
                field.unicodeScalars.append(characters.removeFirst())
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                fields.append(field)
                field = ""
            case "\r" where !isQuoted && characters.first == "\n":
                characters.removeFirst()
                records.append(fields + [field])
                fields = []
                field = ""
            default: field.unicodeScalars.append(character)
            }
        }
        #expect(fields.isEmpty && field.isEmpty, "the last record has no end")
        return records
    }

    @Test("CSV has a header line, and the rows and values of the JSON", arguments: TableRoute.all)
    func content(_ route: TableRoute) {
        let json = bench.get(route.path, "adAccountId=\(bench.id)&sort=name&status=ALL").json[route.member].list
        let response = bench.get(route.path, "adAccountId=\(bench.id)&sort=name&status=ALL&format=csv")
        #expect(response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present")
        #expect(response.headers["Content-Disposition"]?.hasPrefix("attachment; filename=\"") == true)
        let lines = records(response)
        #expect(lines.first == route.names)
        #expect(lines.count == json.count + 1)
        for (row, fields) in zip(json, lines.dropFirst()) {
            #expect(fields.count == route.names.count)
            for (name, field) in zip(route.names, fields) {
                if row[name].isNull {
                    #expect(field.isEmpty)
                } else if let number = row[name].number {
                    #expect(Double(field) == number)
                } else {
                    #expect(field == row[name].string)
                }
            }
        }
    }

    @Test(
        "text that a spreadsheet would read as a formula is escaped, and every other name is unchanged",
        arguments: [
            ("=1+1", "'=1+1"), ("+49", "'+49"), ("-x", "'-x"), ("@SUM(A1)", "'@SUM(A1)"), ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"), ("=HYPERLINK(\"http://x\",\"y\")", "'=HYPERLINK(\"http://x\",\"y\")"), ("a,b", "a,b"),
            ("say \"hi\"", "say \"hi\""), ("two\r\nlines", "two\r\nlines"), ("", ""), ("a=b", "a=b"), ("\"", "\""),
            ("Ünï ☀️ 𝄞", "Ünï ☀️ 𝄞"), ("'", "'"), (" =1", " =1"),
        ]
    )
    func names(_ name: String, _ field: String) throws {
        try bench.sample.database.connect().execute("UPDATE campaigns SET name = \(name)")
        let lines = records(bench.get("/api/campaigns", "adAccountId=\(bench.id)&format=csv"))
        #expect(lines.count > 1)
        #expect(lines.dropFirst().allSatisfy { $0[1] == field && $0.count == 22 })
    }

    @Test(
        "an Accept header for CSV returns CSV, and any other returns JSON",
        arguments: [
            ("text/csv", true), ("TEXT/CSV; charset=utf-8", true), ("text/csv, */*;q=0.1", true),
            ("text/csv, */*", true),
            ("application/json;q=0.5, text/csv", true), ("application/json, text/csv", false), ("*/*", false),
            ("", false),
            ("text/csv;q=0", false), ("text/csv;q=0.2, application/json", false), ("text/html,*/*;q=0.8", false),
            ("image/png", false), ("application/json", false),
        ]
    )
    func accept(_ accept: String, _ isCSV: Bool) {
        let query = "adAccountId=\(bench.id)"
        let type = bench.get("/api/ads", query, adding: ["Accept": accept]).headers["Content-Type"]
        #expect(type?.hasPrefix(isCSV ? "text/csv" : "application/json") == true)
        // The parameter takes precedence.
        let json = bench.get("/api/ads", query + "&format=json", adding: ["Accept": accept])
        #expect(json.headers["Content-Type"] == "application/json; charset=utf-8")
        let csv = bench.get("/api/ads", query + "&format=csv", adding: ["Accept": accept])
        #expect(csv.headers["Content-Type"]?.hasPrefix("text/csv") == true)
        #expect(csv.headers["Vary"]?.contains("Accept,") == true)
        #expect(csv.headers["ETag"] != json.headers["ETag"])
    }

    @Test("a CSV page has the cursor of the next page in a header")
    func pages() throws {
        let query = "adAccountId=\(bench.id)&status=ALL&format=csv&limit=40"
        let first = bench.get("/api/ads", query)
        let cursor = try #require(first.headers["X-Next-Cursor"])
        let second = bench.get("/api/ads", "\(query)&cursor=\(cursor)")
        #expect(second.headers["X-Next-Cursor"] == nil)
        let ids = (records(first).dropFirst() + records(second).dropFirst()).map { $0[0] }
        #expect(ids.count == 60 && Set(ids).count == 60)
    }

    @Test("errors stay JSON for clients that request CSV")
    func errors() {
        let response = bench.get("/api/ads", "adAccountId=\(bench.id)&limit=0", adding: ["Accept": "text/csv"])
        #expect(isError(response, 400, "PARAMETER_INVALID"))
    }

    @Test("CSV begins with one byte order mark unless bom=false, however it is requested; JSON never has one")
    func mark() {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let query = "adAccountId=\(bench.id)"
        for path in tablePaths + ["/api/insights", "/api/changes"] {
            let marked = bench.get(path, "\(query)&format=csv")
            let bare = bench.get(path, "\(query)&format=csv&bom=false")
            #expect(marked.body == mark + bare.body && !bare.body.starts(with: mark), "\(path)")
            #expect(marked.headers["ETag"] != bare.headers["ETag"])
            let accepted = bench.get(path, query, adding: ["Accept": "text/csv"])
            #expect(accepted.body == marked.body && accepted.headers["ETag"] == marked.headers["ETag"])
            let json = bench.get(path, query)
            let same = bench.get(path, "\(query)&bom=true&ids=text")
            #expect(json.body.first == UInt8(ascii: "{") && same.headers["ETag"] == json.headers["ETag"])
        }
        for bad in ["bom=1", "bom=yes", "bom=TRUE", "ids=number", "ids=TEXT"] {
            #expect(isError(bench.get("/api/ads", "\(query)&format=csv&\(bad)"), 400, "PARAMETER_INVALID"), "\(bad)")
        }
    }

    @Test("ids=text writes every id, and nothing else, as a formula with a text value", arguments: TableRoute.all)
    func ids(_ route: TableRoute) {
        let query = "adAccountId=\(bench.id)&sort=name&status=ALL&format=csv"
        let plain = bench.get(route.path, query)
        let text = bench.get(route.path, "\(query)&ids=text")
        #expect(plain.headers["ETag"] != text.headers["ETag"])
        for (row, other) in zip(records(plain).dropFirst(), records(text).dropFirst()) {
            for ((name, field), written) in zip(zip(route.names, row), other) {
                let isID = ["id", "campaign_id", "ad_set_id"].contains(name)
                #expect(written == (isID ? "=\"\(field)\"" : field), "\(name)")
                if isID { #expect(field.count >= 17) }
            }
        }
        #expect(records(plain).count == records(text).count)
    }
}
