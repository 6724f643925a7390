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
        } catch let error as ExitCodeError {
            printError("admirror: \(error.message)")
            throw ArgumentParser.ExitCode(error.code)
        } catch let error as SettingsError {
            printError("admirror: \(error)")
            throw ArgumentParser.ExitCode(Program.ExitCode.badSettings)
        } catch let error as Schema.Mismatch {
            printError("admirror: \(error)")
            throw ArgumentParser.ExitCode(Program.ExitCode.badSettings)
        } catch let error as any StoreError where error.isUnavailable {
            printError("admirror: the database does not respond: \(error)")
            throw ArgumentParser.ExitCode(Program.ExitCode.unavailable)
        } catch let error as GraphError {
            printError("admirror: Facebook: \(error)")
            switch error.kind {
            case .transient: throw ArgumentParser.ExitCode(Program.ExitCode.unavailable)
            case .rateLimited: throw ArgumentParser.ExitCode(Program.ExitCode.tryLater)
            default: throw ArgumentParser.ExitCode(Program.ExitCode.failed)
            }
        } catch let error as any StoreError {
            printError("admirror: \(error)")
            throw ArgumentParser.ExitCode(Program.ExitCode.failed)
        } catch let error as TokenCipher.Failure {
            printError("admirror: \(error)")
            throw ArgumentParser.ExitCode(Program.ExitCode.failed)
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
            throw ExitCodeError(Program.ExitCode.badSettings, "TOKEN_ENCRYPTION_KEY is not set")
        }
        return cipher
    }

    static func seal(_ token: String, for facebookID: String, _ settings: Settings) throws -> StoredToken {
        StoredToken(try cipher(settings).seal(token, account: facebookID), hash: sha256(token.utf8))
    }
}

/// An error with a message and an exit code.
struct ExitCodeError: Error {
    let code: Int32
    let message: String

    init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    static func failed(_ message: String) -> ExitCodeError { ExitCodeError(Program.ExitCode.failed, message) }
}
