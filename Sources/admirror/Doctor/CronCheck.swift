import Program
import Store

/// The scheduler for accounts that people do not read.
struct CronCheck: Check {
    let area = "cron"
    let settings: Settings
    let store: Store

    private static let command = "admirror sync --due"
    private static let advice =
        "and let a scheduler call the cron URL every five minutes: see Cron in scripts/README.md"

    func look() throws -> [Finding] {
        var findings: [Finding] = []
        if settings.cronSecret == nil {
            findings.append(
                warning(
                    "CRON_SECRET is not set, so the cron URL is closed",
                    "set CRON_SECRET to the output of `openssl rand -hex 32`, and restart the responders"
                )
            )
        } else if let secret = settings.cronSecret, Set(secret).count < 10 {
            findings.append(
                problem(
                    "CRON_SECRET is easy to guess",
                    "set CRON_SECRET to the output of `openssl rand -hex 32`, and restart the responders"
                )
            )
        }
        let age = try store.secondsSince(.cron)
        // A later call with the right secret shows that the caller was corrected.
        if let refused = try store.secondsSince(.cronRefused), refused < age ?? .infinity {
            findings.append(
                warning(
                    "a call was refused \(words(for: refused)) ago because its secret was wrong or missing",
                    run: Self.command,
                    "and give the caller the value of CRON_SECRET: see Cron in scripts/README.md"
                )
            )
        }
        switch age {
        case nil:
            findings.append(
                warning(
                    "the cron URL was never called: accounts sync only while people read them",
                    run: Self.command,
                    Self.advice
                )
            )
        case let age? where age > max(3600, 3 * Double(settings.syncInterval)):
            findings.append(warning("the last call was \(words(for: age)) ago", run: Self.command, Self.advice))
        case let age?:
            findings.append(ok("last called \(words(for: age)) ago"))
        }
        return findings
    }
}
