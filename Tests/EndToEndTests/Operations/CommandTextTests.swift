import Foundation
import TestSupport
import Testing

/// The output of the command line.
@Suite(.serialized)
struct CommandTextTests {
    private static let shared = Result { try Stack() }
    private let stack: Stack

    init() throws {
        stack = try Self.shared.get()
    }

    @Test("a command that starts no sync says why")
    func nothingToSync() throws {
        #expect(try stack.admirror("sync").output == "Started no sync: all data is fresh\n")
        let one = try stack.admirror("sync", "--account", Stack.yen)
        #expect(one.output == "act_\(Stack.yen) is fresh: use --force to sync it anyway\n")
    }

    @Test("tables show times without fractions of a second")
    func times() throws {
        let tables = [
            try stack.admirror("status"), try stack.admirror("account", "list"), try stack.admirror("token", "list"),
            try stack.admirror("audit"),
        ]
        for table in tables.map(\.output) {
            #expect(table.contains(/\d\d:\d\d:\d\dZ/), "\(table)")
            #expect(!table.contains(/\d\.\d+Z/), "\(table)")
        }
    }

    @Test("the error for a missing secret names its file, or how to pass it")
    func missingSecret() throws {
        let file = stack.state.appending(path: "tmp/blank.txt").path
        try "\n".write(toFile: file, atomically: true, encoding: .utf8)
        let results = [
            try stack.admirror("account", "set-token", Stack.yen, "--token-file", "/nowhere.txt"),
            try stack.admirror("account", "set-token", Stack.yen, "--token-file", file),
            try stack.admirror("account", "set-token", Stack.yen),
        ]
        #expect(results.map(\.status) == [1, 1, 1])
        let messages = [
            "the file /nowhere.txt cannot be read: check its name and mode",
            "the file \(file) has no Facebook access token",
            "there is no Facebook access token on standard input: pipe it in, or name a file with --token-file",
        ]
        #expect(results.map(\.errors) == messages.map { "admirror: \($0)\n" })
    }

    @Test("quotas that are exhausted together are one finding of the doctor")
    func quotas() throws {
        try stack.order(#"{"fault":"rate_limited","account":"\#(Stack.yen)","value":30}"#)
        try stack.admirror("sync", "--account", Stack.yen, "--force", "--wait")
        let lines = try stack.admirror("doctor").output.split(separator: "\n").filter { $0.contains("exhausted") }
        #expect(lines.count == 1, "\(lines)")
        #expect(
            lines.first?.contains("the quotas account, ads_insights, ads_management are exhausted for 1 ad account")
                == true
        )
    }
}
