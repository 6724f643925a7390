import Foundation
import Testing

@testable import Program

private let hexKey = String(repeating: "0f", count: 32)
private let longSecret = String(repeating: "s", count: 32)

/// A file that is deleted when this value is released.
private final class TemporaryFile {
    let path: String

    init(_ content: [UInt8]) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
        path = url.path
        try Data(content).write(to: url)
    }

    convenience init(_ text: String) throws { try self.init(Array(text.utf8)) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func problems(_ environment: [String: String], _ requirements: [Settings.Requirement] = []) -> [String] {
    do {
        _ = try Settings(environment: environment, requiring: requirements)
        return []
    } catch {
        return error.problems
    }
}

@Suite struct SettingsTests {
    @Test("an empty environment gives the defaults")
    func defaults() throws {
        let settings = try Settings(environment: [:], requiring: [])
        #expect(settings.databaseURL.isEmpty)
        #expect(settings.databaseReadURL.isEmpty)
        #expect(settings.facebookAppID == nil)
        #expect(settings.facebookAppSecret == nil)
        #expect(settings.facebookAPIVersion == "v23.0")
        #expect(settings.facebookGraphURL == "https://graph.facebook.com")
        #expect(settings.cronSecret == nil)
        #expect(settings.tokenEncryptionKey == nil)
        #expect(settings.syncInterval == 600)
        #expect(settings.syncMaxChildren == 4)
        #expect(settings.syncLog == nil)
    }

    @Test("every setting is read")
    func all() throws {
        let settings = try Settings(
            environment: [
                "DATABASE_URL": "postgresql://a/b", "DATABASE_READ_URL": "postgresql://c/d", "FACEBOOK_APP_ID": "1",
                "FACEBOOK_APP_SECRET": "x", "FACEBOOK_API_VERSION": "v24.0",
                "FACEBOOK_GRAPH_URL": "http://127.0.0.1:1/simulator", "CRON_SECRET": longSecret,
                "TOKEN_ENCRYPTION_KEY": hexKey.uppercased(), "SYNC_INTERVAL_SECONDS": "60", "SYNC_MAX_CHILDREN": "2",
                "SYNC_LOG": "/var/log/sync.log", "PORT": "80", "RESPONDERS": "8",
            ],
            requiring: [.database, .tokenEncryptionKey]
        )
        #expect(settings.databaseURL == "postgresql://a/b")
        #expect(settings.databaseReadURL == "postgresql://c/d")
        #expect(settings.facebookAppID == "1")
        #expect(settings.facebookAppSecret == "x")
        #expect(settings.facebookAPIVersion == "v24.0")
        #expect(settings.facebookGraphURL == "http://127.0.0.1:1/simulator")
        #expect(settings.cronSecret == longSecret)
        #expect(settings.tokenEncryptionKey == Array(repeating: 15, count: 32))
        #expect(settings.syncInterval == 60)
        #expect(settings.syncMaxChildren == 2)
        #expect(settings.syncLog == "/var/log/sync.log")
    }

    @Test("reads use the database for writes unless another is set, and empty counts as unset")
    func emptyIsUnset() throws {
        let settings = try Settings(
            environment: [
                "DATABASE_URL": "dbname=x", "DATABASE_READ_URL": "", "CRON_SECRET": "", "CRON_SECRET_FILE": "",
                "SYNC_INTERVAL_SECONDS": "", "FACEBOOK_APP_ID": "",
            ],
            requiring: [.database]
        )
        #expect(settings.databaseReadURL == "dbname=x")
        #expect(settings.cronSecret == nil)
        #expect(settings.syncInterval == 600)
        #expect(settings.facebookAppID == nil)
    }

    @Test("a setting's value may be in a file, without its last line break", arguments: ["", "\n", "\r\n", "\n\n"])
    func file(end: String) throws {
        let secret = try TemporaryFile(longSecret + end)
        let interval = try TemporaryFile("90" + end)
        let settings = try Settings(
            environment: ["CRON_SECRET_FILE": secret.path, "SYNC_INTERVAL_SECONDS_FILE": interval.path],
            requiring: []
        )
        #expect(settings.cronSecret == longSecret)
        #expect(settings.syncInterval == 90)
    }

    @Test("a setting that is set both directly and by file is a problem, and no value is shown")
    func bothSet() throws {
        let file = try TemporaryFile(longSecret)
        let found = problems(["CRON_SECRET": longSecret, "CRON_SECRET_FILE": file.path])
        #expect(found == ["CRON_SECRET and CRON_SECRET_FILE are both set: keep one"])
    }

    @Test("a file that is missing, empty or not text is a problem that names it")
    func badFiles() throws {
        let missing = "/nowhere/secret"
        #expect(problems(["CRON_SECRET_FILE": missing]) == ["CRON_SECRET_FILE: cannot read \(missing)"])
        #expect(problems(["CRON_SECRET_FILE": "/"]) == ["CRON_SECRET_FILE: cannot read /"])
        for content in ["", "\n", "\r\n\n"] {
            let empty = try TemporaryFile(content)
            #expect(problems(["CRON_SECRET_FILE": empty.path]) == ["CRON_SECRET_FILE: \(empty.path) is empty"])
        }
        let binary = try TemporaryFile([0xFF, 0xFE, 0xC3])
        #expect(problems(["CRON_SECRET_FILE": binary.path]) == ["CRON_SECRET_FILE: cannot read \(binary.path)"])
    }

    @Test(
        "problems with numbers name the range",
        arguments: [
            "SYNC_INTERVAL_SECONDS": 1...86_400, "SYNC_MAX_CHILDREN": 1...64, "PORT": 1...65_535, "RESPONDERS": 1...256,
        ],
        ["0", "-1", "1.5", "ten", "1e3", " 1", "99999999", "99999999999999999999", "0x10"]
    )
    func badNumbers(setting: (key: String, value: ClosedRange<Int>), text: String) {
        let problem =
            "\(setting.key) is not a whole number from \(setting.value.lowerBound) to \(setting.value.upperBound)"
        #expect(problems([setting.key: text]) == [problem])
    }

    @Test("both ends of a range are allowed", arguments: [("1", "1"), ("86400", "64")])
    func numberLimits(interval: String, children: String) throws {
        let settings = try Settings(
            environment: ["SYNC_INTERVAL_SECONDS": interval, "SYNC_MAX_CHILDREN": children],
            requiring: []
        )
        #expect(settings.syncInterval == Int(interval))
        #expect(settings.syncMaxChildren == Int(children))
    }

    @Test("a cron secret needs 32 characters")
    func cronSecret() {
        let found = problems(["CRON_SECRET": String(longSecret.dropLast())])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("CRON_SECRET is shorter than 32 characters") == true)
        #expect(problems(["CRON_SECRET": longSecret]).isEmpty)
    }

    @Test("a cron secret may be any printable ASCII text that a header can carry")
    func cronSecretCharacters() {
        for good in ["\(longSecret)+/=", "\(longSecret) &%#~\"", "correct horse battery staple \(longSecret)"] {
            #expect(problems(["CRON_SECRET": good]).isEmpty, "\(good)")
        }
        for bad in ["\(longSecret)é", " \(longSecret)", "\(longSecret) ", "\(longSecret)\tx", "\(longSecret)\u{7F}"] {
            let found = problems(["CRON_SECRET": bad])
            #expect(found.count == 1 && found.first?.contains("headers cannot contain") == true, "\(bad)")
            #expect(found.first?.contains(longSecret) == false)
        }
    }

    @Test(
        "an encryption key is 64 hex digits",
        arguments: [
            String(hexKey.dropLast()), hexKey + "0", String(hexKey.dropLast()) + "g", " " + hexKey.dropLast(), "0",
            String(repeating: "é", count: 32), String(repeating: "ff ", count: 21) + "f", "0x" + hexKey.dropLast(2),
        ]
    )
    func badKey(text: String) {
        let found = problems(["TOKEN_ENCRYPTION_KEY": text], [.tokenEncryptionKey])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("TOKEN_ENCRYPTION_KEY is not 64 hex digits") == true)
        #expect(found.first?.contains(text) == false)
    }

    @Test("the app's id and secret must be set together", arguments: ["FACEBOOK_APP_ID", "FACEBOOK_APP_SECRET"])
    func halfAnApp(name: String) {
        #expect(
            problems([name: "1234567890"]) == [
                "FACEBOOK_APP_ID and FACEBOOK_APP_SECRET belong together: set both or neither"
            ]
        )
    }

    @Test(
        "an API version is v, a number, a point, a number",
        arguments: [
            ("v23.0", true), ("v9.12", true), ("v100.0", true), ("23.0", false), ("v23", false), ("v23.", false),
            ("v.0", false), ("v23.0.1", false), ("v23.0/", false), ("V23.0", false), ("v2a.0", false),
            ("v1234.0", false), ("v-1.0", false), ("v23.0 ", false),
        ]
    )
    func versions(text: String, isGood: Bool) {
        let problem = "FACEBOOK_API_VERSION is not of the form v23.0"
        #expect(problems(["FACEBOOK_API_VERSION": text]) == (isGood ? [] : [problem]))
    }

    @Test(
        "a required setting that is missing is a problem",
        arguments: [[:], ["DATABASE_URL": "", "TOKEN_ENCRYPTION_KEY": ""]]
    )
    func required(environment: [String: String]) {
        let found = problems(environment, [.database, .tokenEncryptionKey])
        #expect(found.count == 2)
        #expect(found.contains { $0.hasPrefix("DATABASE_URL is not set") })
        #expect(found.contains { $0.hasPrefix("TOKEN_ENCRYPTION_KEY is not set") })
        #expect(problems(environment, [.database]).count == 1)
    }

    @Test(
        "the dialog is at Facebook unless the Graph API is elsewhere; the callback is the local port unless set"
    )
    func login() throws {
        func settings(_ environment: [String: String]) throws -> Settings {
            try Settings(environment: environment, requiring: [])
        }
        let standard = try settings([:])
        #expect(
            standard.facebookDialogURL == "https://www.facebook.com" && standard.publicURL == "http://127.0.0.1:8080"
        )
        let simulated = try settings(["FACEBOOK_GRAPH_URL": "http://127.0.0.1:90/simulator", "PORT": "90"])
        #expect(simulated.facebookDialogURL == "http://127.0.0.1:90/simulator")
        #expect(simulated.publicURL == "http://127.0.0.1:90")
        let own = try settings(["FACEBOOK_DIALOG_URL": "https://a.example", "PUBLIC_URL": "https://ads.example.com"])
        #expect(own.facebookDialogURL == "https://a.example" && own.publicURL == "https://ads.example.com")
    }

    @Test(
        "a code is never sent to an address where others could read it",
        arguments: [
            "http://ads.example.com", "https://ads.example.com/", "ads.example.com", "https://a@b", "javascript:x",
        ]
    )
    func badLogin(url: String) {
        #expect(problems(["PUBLIC_URL": url]).count == 1)
        #expect(problems(["FACEBOOK_DIALOG_URL": url]).count == 1)
    }

    @Test("all problems are reported in one error without any secret")
    func allAtOnce() throws {
        let error = try #require(throws: SettingsError.self) {
            _ = try Settings(
                environment: [
                    "CRON_SECRET": "tooshort", "TOKEN_ENCRYPTION_KEY": "notakey", "FACEBOOK_APP_SECRET": "appsecret",
                    "FACEBOOK_API_VERSION": "23", "FACEBOOK_GRAPH_URL": "http://user:pass@example.com",
                    "SYNC_INTERVAL_SECONDS": "soon", "SYNC_MAX_CHILDREN": "0", "PORT": "http", "RESPONDERS": "many",
                ],
                requiring: [.database, .tokenEncryptionKey]
            )
        }
        let names = [
            "CRON_SECRET", "TOKEN_ENCRYPTION_KEY", "FACEBOOK_APP_ID", "FACEBOOK_API_VERSION", "FACEBOOK_GRAPH_URL",
            "SYNC_INTERVAL_SECONDS", "SYNC_MAX_CHILDREN", "PORT", "RESPONDERS", "DATABASE_URL",
        ]
        #expect(error.problems.count == names.count)
        for name in names {
            #expect(error.problems.count { $0.hasPrefix(name + " ") } == 1, "\(name)")
            #expect(error.description.contains(name))
        }
        for secret in ["tooshort", "notakey", "appsecret", "pass@"] {
            #expect(!error.description.contains(secret))
        }
    }
}

@Suite struct GraphURLTests {
    @Test(
        "the Graph API may be anywhere over TLS, and on this host over plain HTTP",
        arguments: [
            "https://graph.facebook.com", "https://graph.facebook.com:8443/base", "https://example.com/a/b",
            "https://[2001:db8::1]", "http://localhost", "http://localhost:8080/simulator", "http://127.0.0.1",
            "http://127.0.0.1:8080", "http://127.1.2.3:1/x", "http://127.255.255.255", "http://[::1]",
            "http://[::1]:8080/simulator",
        ]
    )
    func good(url: String) {
        #expect(problems(["FACEBOOK_GRAPH_URL": url]).isEmpty)
    }

    @Test(
        "other Graph API addresses are refused",
        arguments: [
            "http://graph.facebook.com", "http://127.0.0.1.example.com", "http://127.0.0.1@evil.example",
            "http://127.0.0.1:80@evil.example", "http://localhost@evil.example", "http://localhost.example.com",
            "http://localhost.", "http://notlocalhost", "http://128.0.0.1", "http://127.0.0.256", "http://127.0.0",
            "http://127.0.0.1.", "http://127.0.0.1%2eexample.com", "http://127.0.0.1\\@evil.example",
            "http://0.0.0.0", "http://[::2]", "http://[::ffff:8.8.8.8]", "http://10.0.0.1", "http:///x", "http://",
            "http://:80", "https://", "https:///x", "https://user:pass@graph.facebook.com",
            "https://user@graph.facebook.com", "https://graph.facebook.com?x=1", "https://graph.facebook.com#x",
            "https://graph.facebook.com/", "http://127.0.0.1/", "https://graph.facebook.com/a/", "graph.facebook.com",
            "ftp://graph.facebook.com", "file:///etc/passwd", "//graph.facebook.com", "https:/graph.facebook.com",
            " https://graph.facebook.com", "https://graph.facebook.com ", "https://graph.facebook.com\r\nX: 1",
            "https://graph facebook.com", "javascript:alert(1)",
        ]
    )
    func bad(url: String) {
        let found = problems(["FACEBOOK_GRAPH_URL": url])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("FACEBOOK_GRAPH_URL ") == true)
    }

    @Test(
        "a host that only begins like a loopback address is refused",
        arguments: [
            "http://[::1].evil.example", "http://[::1]evil.example/x", "http://[::1", "http://::1", "http://127.0.0.+1",
            "http://+127.0.0.1",
        ]
    )
    func almostLoopback(url: String) {
        #expect(!problems(["FACEBOOK_GRAPH_URL": url]).isEmpty)
    }
}

@Suite struct ShownTests {
    @Test("secrets are never shown", arguments: Setting.all.filter(\.isSecret))
    func secrets(setting: Setting) {
        #expect(setting.shown("hunter2") == "(set, not shown)")
    }

    @Test("the settings with secrets are marked as secret")
    func names() {
        #expect(
            Set(Setting.all.filter(\.isSecret).map(\.name)) == [
                "FACEBOOK_APP_SECRET", "CRON_SECRET", "TOKEN_ENCRYPTION_KEY", "TOKEN_ENCRYPTION_OLD_KEY",
            ]
        )
    }

    @Test(
        "a connection string is shown without its password",
        arguments: [
            ("postgresql://ada:hunter2@db:5432/x", "postgresql://ada:***@db:5432/x"),
            ("postgres://ada:hunter2@db1,db2/x?a=b", "postgres://ada:***@db1,db2/x?a=b"),
            ("postgresql://:hunter2@db/x", "postgresql://:***@db/x"),
            ("postgresql://ada:hunt%40er2:x@db/x", "postgresql://ada:***@db/x"),
            (
                "postgresql://ada@db/x?password=hunter2&connect_timeout=3",
                "postgresql://ada@db/x?password=***&connect_timeout=3"
            ),
            ("postgresql:///x?host=/run/pg&user=ada", "postgresql:///x?host=/run/pg&user=ada"),
            ("host=db user=ada password=hunter2 dbname=x", "host=db user=ada password=*** dbname=x"),
            ("host=db password = hunter2 dbname=x", "host=db password=*** dbname=x"),
            ("host=db PASSWORD=hunter2", "host=db password=***"),
            ("password='hunter2 with blanks' host=db", "password=*** host=db"),
            (#"password='it\'s hunter2' host=db"#, "password=*** host=db"),
            ("password='' host=db", "password=*** host=db"),
            ("host=db sslpassword=hunter2", "host=db sslpassword=***"),
            ("host=/run/pg dbname=x", "host=/run/pg dbname=x"),
        ]
    )
    func connectionStrings(value: String, shown: String) {
        #expect(Setting.databaseURL.shown(value) == shown)
        #expect(Setting.databaseReadURL.shown(value) == shown)
    }

    @Test(
        "no part of a password that libpq accepts without quotes is shown",
        arguments: [#"host=db password=hunter2\ secretpart dbname=x"#, "host=db password=hunter2&secretpart dbname=x"]
    )
    func unquoted(value: String) {
        #expect(!Setting.databaseURL.shown(value).contains("secretpart"))
    }

    @Test("other values are shown unchanged")
    func others() {
        #expect(Setting.syncLog.shown("/var/log/password=x") == "/var/log/password=x")
        #expect(Setting.facebookGraphURL.shown("https://graph.facebook.com") == "https://graph.facebook.com")
    }
}
