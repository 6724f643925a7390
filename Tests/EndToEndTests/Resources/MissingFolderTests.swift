import Foundation
import HTTPMessages
import Testing

/// nginx's cache folders, removed while it runs, as systemd-logind does with a user's folders in /dev/shm.
@Suite(.serialized)
struct MissingFolderTests {
    @Test("reads continue while a cache folder of nginx is missing, and nginx caches again in a new one")
    func gone() throws {
        let stack = try Stack()
        defer { stack.stop() }
        let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let body = try stack.hit(cached).body
        let file = stack.state.appending(path: "run/authorizations")
        let authorizations = try String(contentsOf: file, encoding: .utf8).trimmed
        let answers = stack.state.appending(path: "cache/answers").path
        for (name, folders) in [
            ("authorizations", [authorizations]), ("answers", [answers]), ("both of them", [authorizations, answers]),
        ] {
            for folder in folders { try FileManager.default.removeItem(atPath: folder) }
            stack.expectReads(cached, body, name)
            for folder in folders {
                try FileManager.default.createDirectory(
                    atPath: folder,
                    withIntermediateDirectories: false,
                    attributes: [.posixPermissions: 0o700]
                )
            }
            _ = try stack.hit("/api/ads?adAccountId=\(Stack.yen)&q=after-\(name.count)")
            _ = try stack.hit(cached)
        }
    }
}
