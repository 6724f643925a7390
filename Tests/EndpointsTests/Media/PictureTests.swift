import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

@Suite struct PictureTests {
    let bench: Bench
    private static let name = String(repeating: "0a", count: 32)
    private static let bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0, 1, 2, 3]

    init() throws {
        bench = try Bench()
        let id = try #require(
            try bench.sample.database.connect().text("SELECT max(facebook_creative_id) FROM creatives")
        )
        try bench.sql(
            """
            INSERT INTO ad_creatives (ad_account_id, facebook_creative_id, title, body, link_url, content_key, picture, state, due_at)
            VALUES ('\(bench.id)', '\(id)', '<b>Sale</b>', E'Two\\nlines', 'https://example.com/', 'k', '\(Self.name)', 'done', NULL);
            """
        )
        for (width, byte) in [(64, 1), (256, 2)] {
            try bench.sql(
                """
                INSERT INTO media (ad_account_id, name, width, type, size, bytes)
                VALUES ('\(bench.id)', '\(Self.name)', \(width), 'image/jpeg', 4, '\\xffd8ff0\(byte)')
                """
            )
        }
    }

    private func path(_ name: String = Self.name, account: String? = nil) -> String {
        "/api/media/\(account ?? bench.id)/\(name)"
    }

    @Test("a picture has its type, and browsers keep it for the person alone")
    func picture() {
        for account in [bench.id, bench.sample.facebookID, "act_\(bench.sample.facebookID)"] {
            let response = bench.send("GET", path(account: account), "w=64")
            #expect(response.status == 200)
            #expect(response.body == [0xFF, 0xD8, 0xFF, 1])
            #expect(response.headers["Content-Type"] == "image/jpeg")
            #expect(response.headers["Cache-Control"] == "private, max-age=604800, immutable")
            #expect(response.headers["Content-Security-Policy"] == "default-src 'none'")
            #expect(response.headers["X-Content-Type-Options"] == "nosniff")
        }
    }

    @Test("the width is at most the requested one; a small picture has no wider copy")
    func widths() {
        #expect(bench.send("GET", path(), "w=256").body.last == 2)
        #expect(bench.send("GET", path()).body.last == 2)
        #expect(bench.send("GET", path(), "w=1080").body.last == 2)
    }

    @Test("a client that has the picture gets 304")
    func unchanged() throws {
        let tag = try #require(bench.send("GET", path(), "w=64").headers["ETag"])
        let again = bench.send("GET", path(), "w=64", adding: ["If-None-Match": tag])
        #expect(again.status == 304 && again.body.isEmpty)
        #expect(bench.send("GET", path(), "w=256", adding: ["If-None-Match": tag]).status == 200)
    }

    @Test("other widths and names are refused, and unknown pictures are not found")
    func refused() {
        for width in ["0", "65", "1081", "x", "-64", "064", "64.0"] {
            #expect(isError(bench.send("GET", path(), "w=\(width)"), 400, "PARAMETER_INVALID"), "\(width)")
        }
        #expect(isError(bench.send("GET", path(), "w=64&w=64"), 400, "PARAMETER_REPEATED"))
        for name in ["x", Self.name.uppercased(), Self.name + "0", "%2e%2e", String(Self.name.dropLast()) + "g"] {
            #expect(isError(bench.send("GET", path(name)), 400, "PARAMETER_INVALID"), "\(name)")
        }
        #expect(isError(bench.send("GET", path(String(repeating: "0", count: 64))), 404, "PICTURE_NOT_FOUND"))
        for path in ["/api/media", "/api/media/", "/api/media/\(bench.id)", "/api/media/\(bench.id)/", path() + "/x"] {
            #expect(isError(bench.send("GET", path), 404, "ROUTE_UNKNOWN"), "\(path)")
        }
    }

    @Test("nobody sees a picture of an account that they may not see")
    func strangers() throws {
        #expect(isError(bench.send("GET", path(), headers: [:]), 401, "AUTHENTICATION_REQUIRED"))
        #expect(isError(bench.send("GET", path(), headers: ["Authorization": "Bearer x"]), 401, "TOKEN_INVALID"))
        let stranger = try bench.newPerson("mallory@example.com", role: nil)
        let other = try bench.sample.store.addAdAccount(
            facebookID: "999",
            name: "Other",
            token: StoredToken(bytes: [1], keyID: "key")
        )
        _ = try bench.sample.store.grant(.owner, on: other, to: "mallory@example.com")
        for account in [bench.id, bench.sample.facebookID, "nothing"] {
            #expect(isError(bench.send("GET", path(account: account), headers: stranger), 404, "AD_ACCOUNT_NOT_FOUND"))
        }
        // The name is known, but their own account has no such picture.
        let own = bench.send("GET", path(account: other.rawValue), headers: stranger)
        #expect(isError(own, 404, "PICTURE_NOT_FOUND"))
        // nginx gets no key for what is refused, and different keys for different accounts.
        let key = { (account: String, headers: HTTPHeaders?) in
            bench.send("GET", "/_authorize\(path(account: account))", "w=64", headers: headers).headers["X-Cache-Key"]
        }
        #expect(key(bench.id, stranger) == nil)
        #expect(key(bench.id, [:]) == nil)
        #expect(key(bench.id, nil) == "media:\(bench.id):\(Self.name):64")
        #expect(key(bench.sample.facebookID, nil) == key(bench.id, nil))
        #expect(key(other.rawValue, stranger) == "media:\(other.rawValue):\(Self.name):64")
    }

    @Test("a viewer sees pictures until access is taken away")
    func revoked() throws {
        let viewer = try bench.newPerson("viewer@example.com", role: .viewer)
        #expect(bench.send("GET", path(), headers: viewer).status == 200)
        try bench.sql(
            "DELETE FROM account_access USING users WHERE users.id = user_id AND email = 'viewer@example.com'"
        )
        #expect(isError(bench.send("GET", path(), headers: viewer), 404, "AD_ACCOUNT_NOT_FOUND"))
        #expect(bench.send("GET", "/_authorize\(path())", headers: viewer).headers["X-Cache-Key"] == nil)
    }

    @Test("a key of another picture is no grant")
    func grants() {
        let send = { (grant: String) in
            var request = HTTPRequest(path: path(), query: "w=64")
            request.variables["ADMIRROR_GRANT"] = grant
            return bench.endpoints.answer(request)
        }
        #expect(send("media:\(bench.id):\(Self.name):64").status == 200)
        for grant in ["media:\(bench.id):\(Self.name):256", "media:\(bench.id):x:64", "ads:\(bench.id)", ""] {
            #expect(isError(send(grant), 401, "AUTHENTICATION_REQUIRED"), "\(grant)")
        }
    }

    @Test("ads have what they show, if it is requested; texts stay texts")
    func fields() throws {
        let rows = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&fields=creative").json["ads"].list
        let shown = rows.filter { !$0["title"].isNull }
        #expect(!shown.isEmpty && shown.count < rows.count)
        for row in shown {
            #expect(row["title"].string == "<b>Sale</b>")
            #expect(row["body"].string == "Two\nlines")
            #expect(row["link_url"].string == "https://example.com/")
            #expect(row["thumbnail"].string == "\(path())?w=256")
            #expect(row["image"].string == "\(path())?w=1080")
            #expect(row["video_id"].isNull)
        }
        for row in rows where row["title"].isNull { #expect(row["thumbnail"].isNull && row["image"].isNull) }
        let plain = bench.get("/api/ads").json["ads"].list
        #expect(plain.allSatisfy { !$0.names.contains("thumbnail") })
        let found = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&where=body~LINES").json["ads"].list
        #expect(found.count == shown.count)
        let csv = bench.get("/api/ads", "adAccountId=\(bench.id)&status=ALL&fields=body&format=csv").text
        #expect(csv.contains("\"Two\nlines\""))
    }
}
