import ArgumentParser
import Model
import Program
import Secrets
import Store

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check everything that AdMirror needs, and show problems with the command that fixes each.",
        discussion: """
            A line for each check: ok, warning or problem. Exit code 1 means a problem, 78 that the \
            settings are invalid. The doctor changes nothing. As root it can check more of nginx.
            """
                + examples([
                    "admirror doctor": "Everything, for eyes.",
                    "admirror doctor --problems": "Only warnings and problems.",
                    "admirror doctor --json --offline": "For a monitoring system, without a call to Facebook.",
                ])
    )

    @Flag(help: "Do not call Facebook.")
    var offline = false

    @Flag(help: "Show only warnings and problems.")
    var problems = false

    @Flag(help: "Print JSON.")
    var json = false

    // The installed `admirror` runs as a user who may not test nginx's configuration: root does, and hands it over.
    @Flag(help: .hidden)
    var nginxFromStandardInput = false

    func run() throws {
        try Operator.run {
            let environment = processEnvironment()
            let settings = try Settings(environment: environment, requiring: [.database, .tokenEncryptionKey])
            var all: [Finding] = []
            for check in checks(settings, environment) {
                let isDatabaseAway = all.contains { $0.area == "database" && $0.level == .problem }
                let findings = look(check, isDatabaseAway: isDatabaseAway).filter { !problems || $0.level > .ok }
                all += findings
                if !json { findings.forEach(Self.show) }
            }
            if json { try Output.json(all) }
            let worst = all.map(\.level).max() ?? .ok
            if !json {
                let counts = Finding.Level.allCases.map { level in all.count { $0.level == level } }
                print(
                    "\(counts[2]) problem\(counts[2] == 1 ? "" : "s"), \(counts[1]) warning\(counts[1] == 1 ? "" : "s")"
                )
            }
            if worst == .problem { throw ExitCode(ExitStatus.failed) }
        }
    }

    private func checks(_ settings: Settings, _ environment: [String: String]) -> [any Check] {
        let store = Operator.store(settings)
        return [
            SettingsCheck(settings: settings, environment: environment),
            DatabaseCheck(settings: settings, store: store),
            NginxCheck(
                configuration: settings.nginxConfiguration,
                dump: nginxFromStandardInput ? readStandardInput() : nil
            ),
            ResponderCheck(settings: settings),
            FacebookCheck(settings: settings, store: store, isOffline: offline),
            CronCheck(settings: settings, store: store),
            SyncCheck(settings: settings, store: store),
            PictureCheck(settings: settings, store: store),
            HostCheck(settings: settings),
        ]
    }

    /// Runs a check and returns its findings. A check that fails reports why; the others continue.
    /// - Parameter isDatabaseAway: Whether that was already reported.
    private func look(_ check: any Check, isDatabaseAway: Bool) -> [Finding] {
        do {
            return try check.look()
        } catch is Schema.Mismatch {
            return []  // DatabaseCheck has said it.
        } catch let error as any StoreError where error.isUnavailable && isDatabaseAway {
            return []
        } catch let error as any StoreError where error.isUnavailable {
            return [
                check.problem(
                    "cannot be checked: the database stopped responding: \(Output.printable("\(error)"))",
                    "check pg_locks and pg_stat_activity for what it waits for"
                )
            ]
        } catch {
            return [
                check.problem(
                    "cannot be checked: \(Output.printable("\(error)"))",
                    "report this as a bug, with this text"
                )
            ]
        }
    }

    private static func show(_ finding: Finding) {
        let word = Output.coloured(finding.level.rawValue.padded(to: 8), finding.level.colour)
        print("\(word) \(finding.area.padded(to: 10)) \(Output.printable(finding.text))")
        if let mend = finding.mend { print("\(String(repeating: " ", count: 20))→ \(Output.printable(mend))") }
    }
}

extension Finding.Level {
    fileprivate var colour: Output.Colour {
        switch self {
        case .ok: .green
        case .warning: .yellow
        case .problem: .red
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
