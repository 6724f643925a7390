internal import Glibc
internal import GraphAPI
internal import Secrets
internal import Store

/// The codes with which our programs end (sysexits.h).
package enum ExitStatus {
    package static let done: Int32 = 0
    package static let failed: Int32 = 1
    package static let usage: Int32 = 64
    /// Something needed does not answer.
    package static let unavailable: Int32 = 69
    package static let tryLater: Int32 = 75
    package static let badSettings: Int32 = 78
}

/// Why a program ends before its work is done: its exit code, and a message for people.
package struct Exit: Error {
    package let code: Int32
    package let message: String

    package init(_ code: Int32, _ message: String) {
        self.code = code
        self.message = message
    }

    package static func failed(_ message: String) -> Exit { Exit(ExitStatus.failed, message) }

    /// The exit code and the message of each error that our modules throw.
    /// - Returns: `nil` for another error.
    package init?(after error: any Error) {
        switch error {
        case let exit as Exit:
            self = exit
        case is SettingsError, is Schema.Mismatch:
            self.init(ExitStatus.badSettings, "\(error)")
        case let error as any StoreError where error.isUnavailable:
            self.init(ExitStatus.unavailable, "the database does not respond: \(error)")
        case let error as GraphError:
            self.init(Self.code(error), "Facebook: \(error)")
        case is any StoreError, is TokenCipher.Failure:
            self.init(ExitStatus.failed, "\(error)")
        default:
            return nil
        }
    }

    private static func code(_ error: GraphError) -> Int32 {
        switch error.kind {
        case .transient: ExitStatus.unavailable
        case .rateLimited: ExitStatus.tryLater
        default: ExitStatus.failed
        }
    }
}

/// Runs the body of a program, and ends the process if that fails.
package func runProgram(_ name: String, _ body: () throws -> Int32) {
    var code = ExitStatus.failed
    do {
        code = try body()
    } catch {
        let exit = Exit(after: error) ?? .failed("\(error)")
        printError("\(name): \(exit.message)")
        code = exit.code
    }
    if code != ExitStatus.done { exit(code) }
}
