import Foundation
import TestSupport
import Testing

/// scripts/install below a folder: the files that a host or a package gets. scripts/package --check runs it on a
/// separate host.
@Suite
struct InstallTests {
    private let root: String
    /// nginx snippets that the checkout does not contain.
    private static let generated = [
        "error-answers.conf", "listening.conf", "route-locations.conf", "route-logging.conf", "route-methods.conf",
        "site.conf",
    ]

    init() throws {
        root = try Stack.newStateFolder().appending(path: "root").path
    }

    @Test("it installs exactly the files of a host, each with its mode, and no simulator")
    func layout() throws {
        let output = try install()
        #expect(
            try tree(without: "/usr/share/admirror/nginx/public/") == """
                755 /etc/
                750 /etc/admirror/
                640 /etc/admirror/admirror.env
                750 /etc/admirror/secrets/
                640 /etc/admirror/secrets/cron_secret
                640 /etc/admirror/secrets/token_encryption_key
                755 /etc/logrotate.d/
                644 /etc/logrotate.d/admirror
                755 /etc/nginx/
                755 /etc/nginx/admirror/
                \(try snippets(Self.generated, below: "/etc/nginx/admirror"))
                755 /etc/nginx/conf.d/
                644 /etc/nginx/conf.d/admirror.conf
                755 /lib/
                755 /lib/systemd/
                755 /lib/systemd/system/
                755 /lib/systemd/system/admirror-.service.d/
                644 /lib/systemd/system/admirror-.service.d/sandbox.conf
                644 /lib/systemd/system/admirror-prune.service
                644 /lib/systemd/system/admirror-prune.timer
                644 /lib/systemd/system/admirror-responder.socket
                644 /lib/systemd/system/admirror-responder@.service
                644 /lib/systemd/system/admirror-sync.service
                644 /lib/systemd/system/admirror-sync.timer
                644 /lib/systemd/system/admirror.target
                755 /lib/systemd/system/nginx.service.d/
                644 /lib/systemd/system/nginx.service.d/admirror.conf
                755 /run/
                755 /run/admirror/
                700 /run/admirror/authorizations/
                755 /usr/
                755 /usr/bin/
                755 /usr/bin/admirror
                755 /usr/lib/
                755 /usr/lib/admirror/
                755 /usr/lib/admirror/admirror
                755 /usr/lib/admirror/admirror-responder
                755 /usr/lib/admirror/admirror-sync
                755 /usr/lib/admirror/admirror-thumbnails
                644 /usr/lib/admirror/common.sh
                644 /usr/lib/admirror/database.sh
                644 /usr/lib/admirror/files
                644 /usr/lib/admirror/folders.sh
                644 /usr/lib/admirror/host.sh
                644 /usr/lib/admirror/nginx.sh
                644 /usr/lib/admirror/purge.sh
                644 /usr/lib/admirror/services.sh
                644 /usr/lib/admirror/settings.sh
                644 /usr/lib/admirror/site.sh
                755 /usr/lib/tmpfiles.d/
                644 /usr/lib/tmpfiles.d/admirror.conf
                755 /usr/sbin/
                755 /usr/sbin/admirror-setup
                755 /usr/share/
                755 /usr/share/admirror/
                644 /usr/share/admirror/admirror.env
                755 /usr/share/admirror/monitoring/
                644 /usr/share/admirror/monitoring/alerts.yml
                644 /usr/share/admirror/monitoring/grafana.json
                755 /usr/share/admirror/nginx/
                755 /usr/share/admirror/nginx/conf.d/
                644 /usr/share/admirror/nginx/conf.d/admirror.conf
                755 /usr/share/admirror/nginx/public/
                755 /usr/share/admirror/nginx/snippets/
                \(try snippets([], below: "/usr/share/admirror/nginx/snippets"))
                755 /usr/share/bash-completion/
                755 /usr/share/bash-completion/completions/
                644 /usr/share/bash-completion/completions/admirror
                755 /usr/share/doc/
                755 /usr/share/doc/admirror/
                644 /usr/share/doc/admirror/README.md
                755 /usr/share/doc/admirror/Sources/
                644 /usr/share/doc/admirror/Sources/README.md
                755 /usr/share/doc/admirror/scripts/
                644 /usr/share/doc/admirror/scripts/README.md
                755 /var/
                755 /var/cache/
                755 /var/cache/admirror/
                755 /var/lib/
                750 /var/lib/admirror/
                755 /var/log/
                751 /var/log/admirror/
                640 /var/log/admirror/nginx-access.log
                640 /var/log/admirror/nginx-error.log
                """
        )
        #expect(try Set(files(below: "usr/share/admirror/nginx/public")) == Set(published()))
        for secret in ["cron_secret", "token_encryption_key"] {
            let value = try text("etc/admirror/secrets/\(secret)")
            #expect(value.wholeMatch(of: /[0-9a-f]{64}/) != nil)
            #expect(!output.contains(value))
        }
    }

    @Test(
        "a second run keeps the operator's changes and the secrets, and removes files that are no longer installed"
    )
    func again() throws {
        _ = try install()
        let secrets = try ["cron_secret", "token_encryption_key"].map { try text("etc/admirror/secrets/\($0)") }
        let settings = try text("etc/admirror/admirror.env").replacing("PORT=8080", with: "PORT=8097 ") + "# Ours.\n"
        try write(settings, "etc/admirror/admirror.env")
        try write("# Ours.", "etc/logrotate.d/admirror")
        // The state that an earlier version would leave, with an unknown file beside it.
        try write("", "usr/share/admirror/old/thing")
        try write("", "usr/share/admirror/theirs")
        try write(try text("usr/lib/admirror/files") + "/usr/share/admirror/old/thing\n", "usr/lib/admirror/files")
        try FileManager.default.removeItem(atPath: "\(root)/usr/bin/admirror")

        let output = try install()
        #expect(!output.contains("Making"))
        #expect(try text("etc/admirror/admirror.env") == settings)
        #expect(try ["cron_secret", "token_encryption_key"].map { try text("etc/admirror/secrets/\($0)") } == secrets)
        #expect(try text("etc/logrotate.d/admirror") == "# Ours.")
        #expect(try text("etc/nginx/conf.d/admirror.conf").contains("listen 127.0.0.1:8097;"))
        #expect(FileManager.default.isExecutableFile(atPath: "\(root)/usr/bin/admirror"))
        #expect(!FileManager.default.fileExists(atPath: "\(root)/usr/share/admirror/old"))
        #expect(FileManager.default.fileExists(atPath: "\(root)/usr/share/admirror/theirs"))
    }

    @Test(
        "bad settings are reported all at once, and leave nginx's site as it was",
        arguments: [
            ("PORT=8080", "PORT=high\nSYNC_INTERVAL_SECONDS=soon", ["PORT", "SYNC_INTERVAL_SECONDS"]),
            ("PORT=8080", "PORT=8080\nPORT=8081", ["more than once", "PORT"]),
            ("PORT=8080", "TLS_CERTIFICATE=/c.pem", ["TLS_CERTIFICATE_KEY", "HTTPS_PORT"]),
        ]
    )
    func badSettings(_ good: String, _ bad: String, _ named: [String]) throws {
        _ = try install()
        let site = try text("etc/nginx/conf.d/admirror.conf")
        try write(try text("etc/admirror/admirror.env").replacing(good, with: bad), "etc/admirror/admirror.env")
        let result = try script([])
        #expect(result.status == 78)
        for word in named { #expect(result.errors.contains(word)) }
        #expect(try text("etc/nginx/conf.d/admirror.conf") == site)
    }

    @Test("systemd accepts the units and rates their services as well confined")
    func units() throws {
        _ = try install()
        // The units depend on these.
        let system = "/lib/systemd/system"
        for unit in try FileManager.default.contentsOfDirectory(atPath: system)
        where unit.hasSuffix(".target") || unit.hasSuffix(".slice") {
            try? FileManager.default.copyItem(atPath: "\(system)/\(unit)", toPath: "\(root)\(system)/\(unit)")
        }
        let services = ["admirror-responder@1.service", "admirror-sync.service", "admirror-prune.service"]
        let verified = try Command.run(
            "/usr/bin/systemd-analyze",
            [
                "verify", "--man=no", "--root=\(root)", "admirror.target", "admirror-responder.socket",
                "admirror-sync.timer", "admirror-prune.timer",
            ]
                + services
        )
        #expect(verified.status == 0 && verified.errors.isEmpty, "\(verified.errors)")
        // In tenths: 2.0 of 10, where 10 is a service that may do everything.
        let security = try Command.run(
            "/usr/bin/systemd-analyze",
            ["security", "--offline=true", "--threshold=20", "--no-pager", "--root=\(root)"] + services
        )
        #expect(security.status == 0, "\(security.output)\(security.errors)")
    }

    @Test(
        "nginx accepts the site, plain and with TLS on all addresses, beside its other sites",
        arguments: [false, true]
    )
    func site(isOverTLS: Bool) throws {
        _ = try install()
        if isOverTLS {
            let certificate = "\(root)/etc/certificate.pem"
            let made = try Command.run(
                "/usr/bin/openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=ads.example.com", "-keyout", certificate, "-out", certificate,
                ]
            )
            #expect(made.status == 0, "\(made.errors)")
            let settings = """
                PUBLIC_URL=https://ads.example.com
                TLS_CERTIFICATE=\(certificate)
                TLS_CERTIFICATE_KEY=\(certificate)
                HTTPS_PORT=8443
                HTTPS_ADDRESSES=0.0.0.0, [::]
                TRUSTED_PROXIES=10.0.0.0/8

                """
            try write(try text("etc/admirror/admirror.env") + settings, "etc/admirror/admirror.env")
            _ = try install()
        }
        // The site as installed, except for folders that this machine does not have.
        let site = try text("etc/nginx/conf.d/admirror.conf")
        #expect(!site.contains(root))
        try write(
            site.replacing(#/"(unix:)?/(usr|var|run)//#) { "\"\($0.1 ?? "")\(root)/\($0.2)/" },
            "etc/nginx/conf.d/admirror.conf"
        )
        try write(
            """
            pid "\(root)/run/nginx.pid";
            error_log "\(root)/var/log/nginx.log";
            events {}
            http {
              include /etc/nginx/mime.types;
              tcp_nopush on;
              gzip on;
              ssl_prefer_server_ciphers on;
              include "\(root)/etc/nginx/conf.d/*.conf";
              server { listen 127.0.0.1:8080 default_server; server_name other.example.com; }
            }

            """,
            "etc/nginx/nginx.conf"
        )
        let test = try Command.run(
            "/usr/sbin/nginx",
            ["-t", "-q", "-e", "\(root)/var/log/nginx.log", "-c", "\(root)/etc/nginx/nginx.conf"]
        )
        #expect(test.status == 0, "\(test.errors)")
        #expect(test.errors.isEmpty, "\(test.errors)")
    }

    @Test("uninstalling keeps data, settings and secrets; purging removes everything")
    func uninstall() throws {
        _ = try install()
        try write("keep", "var/lib/admirror/data")
        #expect(try script(["--uninstall"]).status == 0)
        #expect(
            try files(below: "").sorted() == [
                "etc/admirror/admirror.env", "etc/admirror/secrets/cron_secret",
                "etc/admirror/secrets/token_encryption_key",
                "var/lib/admirror/data", "var/log/admirror/nginx-access.log", "var/log/admirror/nginx-error.log",
            ]
        )
        #expect(try script(["--uninstall"]).status == 69)

        _ = try install()
        #expect(try script(["--uninstall", "--purge"]).status == 75)  // nobody answered the question
        #expect(try text("var/lib/admirror/data") == "keep")
        #expect(try script(["--uninstall", "--purge", "--yes"]).status == 0)
        #expect(try files(below: "").isEmpty)
    }

    // MARK: Support

    /// - Returns: the script's output.
    private func install() throws -> String {
        let result = try script([])
        guard result.status == 0 else { throw Failure("scripts/install: \(result.output)\n\(result.errors)") }
        return result.output + result.errors
    }

    private func script(_ arguments: [String]) throws -> Command.Result {
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "HOME", "LANG", "ADMIRROR_BIN_DIR"].contains(name)
        }
        // The caller's environment must not affect an installed service.
        environment["PORT"] = "9"
        return try Command.run(
            "\(Stack.root)/scripts/install",
            arguments + ["--root", root],
            environment: environment
        )
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    private func write(_ text: String, _ path: String) throws {
        let file = URL(filePath: "\(root)/\(path)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Names of regular files, relative to the folder.
    private func files(below folder: String, of root: String? = nil) throws -> [String] {
        try found("\(root ?? self.root)/\(folder)", ["-type", "f", "-printf", "%P\\n"])
    }

    private func published() throws -> [String] {
        try files(below: "nginx/public", of: Stack.root)
    }

    /// "644 /etc/x" for each file and "755 /etc/" for each folder, sorted by name.
    private func tree(without folder: String) throws -> String {
        try found(root, ["-mindepth", "1", "-printf", "/%P%y\\t%m\\n"])
            .map { line in
                let parts = line.split(separator: "\t")
                let path = parts[0].dropLast() + (parts[0].hasSuffix("d") ? "/" : "")
                return (path: String(path), mode: parts[1])
            }
            .filter { !$0.path.hasPrefix(folder) || $0.path == folder }
            .sorted { $0.path < $1.path }
            .map { "\($0.mode) \($0.path)" }
            .joined(separator: "\n")
    }

    private func snippets(_ others: [String], below folder: String) throws -> String {
        (try files(below: "nginx/snippets", of: Stack.root) + others).filter { $0 != "simulator.conf" }.sorted()
            .map { "644 \(folder)/\($0)" }.joined(separator: "\n")
    }

    private func found(_ folder: String, _ expression: [String]) throws -> [String] {
        try Command.run("/usr/bin/find", [folder] + expression).output.split(separator: "\n").map(String.init)
    }
}
