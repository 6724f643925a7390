import Foundation
import Testing

/// The simulator as a program behind nginx, as scripts/with-simulator starts it: what cannot be seen in process.
struct SimulatorTests {
    private func run(
        _ words: [String],
        options: String = "",
        _ variables: [String: String] = [:]
    ) throws -> Command.Result {
        var environment = ProcessInfo.processInfo.environment
        environment["SIMULATOR_OPTIONS"] = options
        return try Command.run(
            "\(Stack.root)/scripts/with-simulator",
            words,
            environment: environment.merging(variables) { $1 }
        )
    }

    private func shell(_ script: String, options: String = "") throws -> Command.Result {
        try run(["sh", "-c", script], options: options)
    }

    @Test("Facebook's own SDK finds what it expects", arguments: ["", "simulator0secret"])
    func sdk(secret: String) throws {
        guard let python = ProcessInfo.processInfo.environment["ADMIRROR_SDK_PYTHON"] else {
            throw Failure("ADMIRROR_SDK_PYTHON is not set: run the tests with scripts/test")
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
        try Data("\(secret)\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try run(
            [python, "-W", "ignore", "\(Stack.root)/Tests/SDKTests/sdk_test.py"],
            options: secret.isEmpty ? "" : "--app-secret-file \(file.path)",
            secret.isEmpty ? [:] : ["SIMULATOR_APP_SECRET": secret]
        )
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("waiting calls wait at the same time")
    func threads() throws {
        let result = try shell(
            """
            began=$(date +%s%N)
            curl -q -sf --noproxy '*' -Z -o /dev/null "$SIMULATOR_URL/v23.0/me?access_token=$SIMULATOR_TOKEN&n=[1-8]"
            echo $((($(date +%s%N) - began) / 1000000))
            """,
            options: "--latency 400"
        )
        let milliseconds = try #require(Int(result.output.trimmingCharacters(in: .whitespacesAndNewlines)), "\(result)")
        #expect((400..<2000).contains(milliseconds))
    }

    @Test("answers that hang are let go when all faults are taken back")
    func releases() throws {
        let result = try shell(
            """
            curl -q -sf --noproxy '*' -d '{"fault":"hang"}' "$SIMULATOR_URL/_control"
            curl -q -sf --noproxy '*' -m 20 "$SIMULATOR_URL/v23.0/me?access_token=$SIMULATOR_TOKEN" & call=$!
            sleep 0.5
            curl -q -sf --noproxy '*' -X DELETE "$SIMULATOR_URL/_control"
            wait "$call"
            """
        )
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains(#""name":"Simulator""#))
    }

    @Test("told to end, it answers what waits and ends")
    func ends() throws {
        let result = try shell(
            """
            curl -q -sf --noproxy '*' -d '{"fault":"hang"}' "$SIMULATOR_URL/_control"
            curl -q -sf --noproxy '*' "$SIMULATOR_URL/v23.0/me?access_token=$SIMULATOR_TOKEN" & call=$!
            sleep 0.5
            kill "$SIMULATOR_PID"
            wait "$call"
            tenths=50
            while [ -e "/proc/$SIMULATOR_PID/exe" ] && [ $tenths -gt 0 ]; do sleep 0.1; tenths=$((tenths - 1)); done
            [ $tenths -gt 0 ] && echo " ended"
            """
        )
        #expect(result.output.contains(#""name":"Simulator""#), "\(result)")
        #expect(result.output.hasSuffix(" ended\n"))
    }

    @Test("a truncated body breaks off on the wire, and bad options are told")
    func truncated() throws {
        let result = try shell(
            """
            curl -q -sf --noproxy '*' -d '{"fault":"body_truncated"}' "$SIMULATOR_URL/_control"
            curl -q -s --noproxy '*' "$SIMULATOR_URL/v23.0/act_7/ads?access_token=$SIMULATOR_TOKEN" || echo " curl: $?"
            """,
            options: "--account 7:3:6:40:EUR:Europe/Berlin"
        )
        #expect(result.output.hasPrefix(#"{"success":true}{"data":[{"id":"#), "\(result)")
        #expect(result.output.hasSuffix(" curl: 18\n"))
        #expect(try shell("true", options: "--account 7:x:6:40").status == 69)
    }
}
