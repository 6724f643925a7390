import Logging
import Testing

@testable import Program

private func line(_ message: String, _ fields: [(String, String)] = []) -> String {
    LogLines.line(time: "2026-11-23T12:00:00.000Z", level: .info, program: "test", message: message, fields: fields)
}

private let start = "time=2026-11-23T12:00:00.000Z level=info program=test event="

@Suite struct LogLinesTests {
    @Test("an event is one line of pairs, plain values without quotes")
    func plain() {
        #expect(
            line("started", [("account", "act_1"), ("path", "/a/b?c")]) == start + "started account=act_1 path=/a/b?c"
        )
    }

    @Test(
        "a value that is not plain is quoted and escaped",
        arguments: [
            ("", #""""#), ("two words", #""two words""#), ("a=b", #""a=b""#), (#"say "hi""#, #""say \"hi\"""#),
            ("a\nb", #""a\nb""#), ("a\r\nb", #""a\u{d}\nb""#), ("a\tb", #""a\u{9}b""#), ("a\0b", #""a\u{0}b""#),
            ("\u{1B}[31mred", #""\u{1b}[31mred""#), ("\u{85}", #""\u{85}""#), ("\u{9B}31m", #""\u{9b}31m""#),
            ("\u{2028}\u{2029}", #""\u{2028}\u{2029}""#), (#"back \ slash"#, #""back \\ slash""#),
            (#"\" x=1"#, #""\\\" x=1""#), ("Grün 🚀", #""Grün 🚀""#), ("\u{7F}", #""\u{7f}""#),
        ]
    )
    func quoted(value: String, shown: String) {
        #expect(line("e", [("k", value)]) == start + "e k=" + shown)
        #expect(line(value) == start + shown)
    }

    @Test(
        "no value adds another line or another pair",
        arguments: [
            "x\ntime=now level=info event=forged", "x event=forged", "x\" event=\"forged", "x\\\" event=forged",
            "\r\nevent=forged", "\u{2028}event=forged", "\u{85}event=forged", "\"", "\\", "event=forged",
            "x\u{B}y\u{C}z",
        ]
    )
    func forged(value: String) {
        let text = line("real", [("k", value), ("last", "1")])
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(!text.unicodeScalars.contains { $0.value == 0x2028 || $0.value == 0x2029 })
        #expect(keys(of: text) == ["time", "level", "program", "event", "k", "last"])
    }

    /// The keys that a simple reader of the line finds, which knows only blanks, `=`, quotes, and backslashes in
    /// quotes.
    private func keys(of text: String) -> [String] {
        var keys: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            keys.append(String(rest.prefix { $0 != "=" }))
            rest = rest.drop { $0 != "=" }.dropFirst()
            if rest.first == "\"" {
                rest = rest.dropFirst()
                while let next = rest.first, next != "\"" { rest = rest.dropFirst(next == "\\" ? 2 : 1) }
                rest = rest.dropFirst()
            } else {
                rest = rest.drop { $0 != " " }
            }
            rest = rest.dropFirst()
        }
        return keys
    }
}

@Suite struct SyncStarterTests {
    @Test("a sync child gets the variables it needs, and neither the cron secret nor the request")
    func environment() {
        let needed = [
            "DATABASE_URL": "d", "DATABASE_URL_FILE": "df", "FACEBOOK_APP_ID": "i", "FACEBOOK_APP_SECRET": "s",
            "FACEBOOK_APP_SECRET_FILE": "sf", "FACEBOOK_API_VERSION": "v", "FACEBOOK_GRAPH_URL": "u",
            "TOKEN_ENCRYPTION_KEY": "k", "TOKEN_ENCRYPTION_KEY_FILE": "kf", "TOKEN_ENCRYPTION_OLD_KEY_FILE": "of",
            "SYNC_INTERVAL_SECONDS": "1",
            "SYNC_MAX_CHILDREN": "2", "SYNC_LOG": "l", "PGHOST": "h", "PGUSER": "u", "PGPASSFILE": "p",
            "PGSSLROOTCERT": "c", "PATH": "/bin", "HOME": "/", "LANG": "C", "TZ": "UTC", "SSL_CERT_FILE": "f",
            "https_proxy": "x", "no_proxy": "y",
        ]
        let request = [
            "CRON_SECRET": "secret", "CRON_SECRET_FILE": "/secret", "HTTP_COOKIE": "c", "HTTP_AUTHORIZATION": "a",
            "HTTP_PROXY": "evil", "http_proxy": "evil", "QUERY_STRING": "secret=1", "REQUEST_URI": "/api/sync?secret=1",
            "REQUEST_METHOD": "GET", "CONTENT_LENGTH": "5", "REMOTE_ADDR": "1", "SCRIPT_NAME": "x",
            "GATEWAY_INTERFACE": "CGI/1.1", "LD_PRELOAD": "x", "FCGI_ROLE": "RESPONDER", "RANDOM": "1",
        ]
        #expect(SyncStarter.neededEnvironment(needed.merging(request) { one, _ in one }, request: "") == needed)
        #expect(SyncStarter.neededEnvironment([:], request: "").isEmpty)
    }
}
