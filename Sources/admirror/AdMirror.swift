import ArgumentParser
import Program

/// `admirror`: the operator's command line.
@main
struct AdMirror: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admirror",
        abstract: "Manages an AdMirror installation.",
        discussion: """
            Settings come from the environment; `admirror settings` shows them. Secrets are read from standard input, \
            a file or a prompt, never from arguments. Exit codes: 0 done, 1 failed, 64 usage, 69 a dependency does \
            not respond, 75 try again later, 78 invalid settings.
            """,
        subcommands: [
            Migrate.self, ShowSettings.self, Doctor.self, Status.self, SyncCommand.self, Revalidate.self, Account.self,
            UserCommand.self,
            Access.self, Token.self, Audit.self, Prune.self, Nginx.self,
        ]
    )
}
