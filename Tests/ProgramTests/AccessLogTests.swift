import Foundation
import Testing

@testable import Program

@Suite struct AccessLogTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "access-\(UUID().uuidString).log")
    /// 2026-11-23T12:00:00Z
    private let now = 1_795_435_200.0

    private func count(_ log: String) throws -> [String: Int]? {
        try Data(log.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return AccessLog(path: file.path).cacheStatuses(now: now)
    }

    private func line(_ time: String, _ cache: String, agent: String = "curl") -> String {
        #"time=\#(time) request_id=1 client=::1 method=GET target="/api/ads?q=x" status=200 bytes=1 seconds=0.001 "#
            + #"cache=\#(cache) responder_seconds="" agent="\#(agent)""# + "\n"
    }

    @Test("cache statuses of the last five minutes are counted, whatever time zone nginx writes")
    func window() throws {
        let log =
            line("2026-11-23T11:54:59+00:00", "MISS") + line("2026-11-23T11:55:01+00:00", "MISS")
            + line("2026-11-23T17:29:59+05:30", "HIT") + line("2026-11-23T12:00:00+00:00", "HIT")
            + line("2026-11-23T12:00:00+00:00", "") + line("2026-11-23T12:00:00+00:00", "-")
        #expect(try count(log) == ["hit": 2, "miss": 1])
    }

    @Test("client-controlled text is not counted, and neither are foreign lines")
    func hostile() throws {
        let log =
            line("2026-11-23T12:00:00+00:00", "HIT", agent: "x cache=MISS y") + "cache=EXPIRED\n\n"
            + line("2026-11-23T12:00:00+00:00", "", agent: "x cache=MISS y") + "time= cache=\n\u{0}\u{FF}\n"
        #expect(try count(log) == ["hit": 1])
    }

    @Test("only the end of a long log is read, and the truncated first line is skipped")
    func long() throws {
        let one = line("2026-11-23T12:00:00+00:00", "HIT")
        let lines = AccessLog.window.bytes / one.utf8.count
        #expect(try count(String(repeating: one, count: lines + 1000)) == ["hit": lines])
    }

    @Test("a path that is no file gives no result and no delay", arguments: ["a pipe", "/dev/zero", "/"])
    func other(path: String) throws {
        if path == "a pipe" { try #require(mkfifo(file.path, 0o600) == 0) }
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(AccessLog(path: path == "a pipe" ? file.path : path).cacheStatuses(now: now) == nil)
    }

    @Test("an empty log gives zeros, a missing one gives no result")
    func none() throws {
        #expect(try count("") == [:])
        #expect(AccessLog(path: "/nowhere/access.log").cacheStatuses(now: now) == nil)
    }
}
