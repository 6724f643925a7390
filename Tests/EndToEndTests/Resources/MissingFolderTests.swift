import Foundation
import HTTPMessages
import Testing

/// Folders of nginx's caches that somebody removes while it runs, as systemd-logind does with those of a user in /dev/shm.
@Suite(.serialized)
struct MissingFolderTests {
    @Test("reads go on while a folder of nginx's caches is gone, and nginx stores answers again in a new one")
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
