import Foundation
import HTTPMessages
import Postgres
import Testing

/// Pictures, by way of nginx and its caches.
extension DoorTests {
    private static let picture = String(repeating: "5c", count: 32)

    /// Gives the account a picture.
    private func addPicture() throws -> String {
        try stack.database().execute(
            """
            INSERT INTO media (ad_account_id, name, width, type, size, bytes)
            SELECT id, \(Self.picture)::text, 64, 'image/jpeg', 6, '\\xffd8ff0a0b0c' FROM ad_accounts
            WHERE facebook_account_id = \(Stack.euros) ON CONFLICT DO NOTHING
            """
        )
        return "/api/media/act_\(Stack.euros)/\(Self.picture)?w=64"
    }

    @Test("nginx caches a picture, and browsers keep it for the person alone")
    func cachedPicture() throws {
        let path = try addPicture()
        let hit = try stack.hit(path)
        #expect(hit.status == 200)
        #expect(hit.body == [0xFF, 0xD8, 0xFF, 0x0A, 0x0B, 0x0C])
        #expect(hit.headers["Content-Type"] == "image/jpeg")
        #expect(hit.headers["Cache-Control"] == "private, max-age=604800, immutable")
        #expect(hit.headers["X-Content-Type-Options"] == "nosniff")
        #expect(hit.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
        let tag = try #require(hit.headers["ETag"])
        let again = try stack.send("GET", path, headers: [("If-None-Match", tag)])
        #expect(again.status == 304 && again.body.isEmpty)
        #expect(try stack.send("HEAD", path).headers["Content-Length"] == "6")
    }

    @Test("a cached picture reaches nobody who may not see its account")
    func strangersAndPictures() throws {
        let path = try addPicture()
        _ = try stack.hit(path)
        let stranger = try stack.person("eve@example.com")
        #expect(try stack.send("GET", path, token: .some(nil)).code == "AUTHENTICATION_REQUIRED")
        #expect(try stack.send("GET", path, token: "adm_x").code == "TOKEN_INVALID")
        #expect(try stack.send("GET", path, token: .some(stranger)).code == "AD_ACCOUNT_NOT_FOUND")
        // By way of their own account.
        #expect(try stack.admirror("access", "grant", "eve@example.com", "act_\(Stack.yen)").status == 0)
        let other = path.replacingOccurrences(of: Stack.euros, with: Stack.yen)
        #expect(try stack.send("GET", other, token: .some(stranger)).code == "PICTURE_NOT_FOUND")
        // Access that is taken away ends within the second for which nginx keeps an authorization.
        #expect(try stack.admirror("access", "grant", "eve@example.com", "act_\(Stack.euros)").status == 0)
        try eventually("access is granted") { try stack.send("GET", path, token: .some(stranger)).status == 200 }
        #expect(try stack.admirror("access", "revoke", "eve@example.com", "act_\(Stack.euros)").status == 0)
        try eventually("access is gone") {
            try stack.send("GET", path, token: .some(stranger)).code == "AD_ACCOUNT_NOT_FOUND"
        }
        #expect(try stack.send("GET", path).status == 200)
        #expect(try stack.admirror("access", "revoke", "eve@example.com", "act_\(Stack.yen)").status == 0)
    }

    @Test("other paths and widths are refused")
    func refusedPictures() throws {
        let path = try addPicture()
        #expect(try stack.send("GET", path.replacingOccurrences(of: "w=64", with: "w=63")).code == "PARAMETER_INVALID")
        #expect(try stack.send("GET", "/api/media/act_\(Stack.euros)/x").code == "PARAMETER_INVALID")
        for path in ["/api/media", "/api/media/act_\(Stack.euros)", "/api/media/a/b/c", "/_authorize/api/media/a/b"] {
            #expect(try stack.send("GET", path).code == "ROUTE_UNKNOWN", "\(path)")
        }
        #expect(try stack.send("POST", path).code == "METHOD_NOT_ALLOWED")
    }
}
