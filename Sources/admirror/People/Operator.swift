import ArgumentParser
import GraphAPI
import Program
import Secrets
import Store

/// Shared by commands: settings, the database, and exit codes of errors.
enum Operator {
    /// The actor of the command line in the audit log.
    static let name = "operator"

    /// Runs a command's body. An error becomes one message on standard error and the exit code that belongs to it.
    static func run(_ body: () throws -> Void) throws {
        MemorySecrecy.begin()
        do {
            try body()
        } catch {
            // Errors of the argument parser have messages and codes of their own.
            guard let exit = Exit(after: error) else { throw error }
            printError("admirror: \(exit.message)")
            throw ExitCode(exit.code)
        }
    }

    static func settings(_ requirements: [Settings.Requirement] = [.database]) throws -> Settings {
        try Settings(environment: processEnvironment(), requiring: requirements)
    }

    static func store(_ settings: Settings) -> Store {
        Store(storeOptions(settings))
    }

    static func storeOptions(_ settings: Settings) -> Store.Options {
        Store.Options(
            url: settings.databaseURL,
            applicationName: "admirror",
            statementTimeout: 30_000,
            responseTimeout: 35_000
        )
    }

    /// For work that may take long and shows progress.
    static func patientOptions(_ settings: Settings) -> Store.Options {
        var options = storeOptions(settings)
        options.statementTimeout = 0
        options.responseTimeout = 0
        return options
    }

    static func cipher(_ settings: Settings) throws -> TokenCipher {
        guard let cipher = settings.tokenCipher else {
            throw Exit(ExitStatus.badSettings, "TOKEN_ENCRYPTION_KEY is not set")
        }
        return cipher
    }

    static func seal(_ token: String, for facebookID: String, _ settings: Settings) throws -> StoredToken {
        StoredToken(try cipher(settings).seal(token, account: facebookID), hash: sha256(token.utf8))
    }
}
