import Foundation
import Testing

/// The simulator as a program behind nginx, as scripts/with-simulator starts it: behaviour that is not visible
/// in-process.
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

    @Test("Facebook's own SDK works with the simulator", arguments: ["", "simulator0secret"])
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

    /// Where scripts/test has built the simulator as a release: optimised and statically linked with Swift's libraries.
    private static let release = ProcessInfo.processInfo.environment["ADMIRROR_RELEASE_SIMULATOR"]

    @Test("Facebook's own SDK works with the release build", .enabled(if: release != nil))
    func sdkOfRelease() throws {
        let python = try #require(ProcessInfo.processInfo.environment["ADMIRROR_SDK_PYTHON"])
        let folder = try #require(Self.release)
        let result = try run(
            [python, "-W", "ignore", "\(Stack.root)/Tests/SDKTests/sdk_test.py"],
            ["ADMIRROR_BIN_DIR": folder]
        )
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(
        "the release build also knows the accounts' time zones",
        arguments: [nil] + (release.map { [$0] } ?? [])
    )
    func timeZones(folder: String?) throws {
        let zones = ["America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "Pacific/Kiritimati", "UTC"]
        let options = zones.enumerated().map { "--account \($0 + 7):6:6:6:EUR:\($1)" }.joined(separator: " ")
        let result = try run(
            [
                "sh", "-c",
                """
                for id in 7 8 9 10 11; do
                  curl -q -sf --noproxy '*' -G -d fields=timezone_name,timezone_offset_hours_utc \
                    "$SIMULATOR_URL/v23.0/act_$id?access_token=$SIMULATOR_TOKEN"
                  echo
                  curl -q -sf --noproxy '*' -G -d fields=created_time \
                    "$SIMULATOR_URL/v23.0/act_$id/campaigns?access_token=$SIMULATOR_TOKEN" | grep -o '20[0-9-]*T[0-9:]*[+-][0-9][0-9][0-9][0-9]' | head -n 1
                done
                """,
            ],
            options: options,
            folder.map { ["ADMIRROR_BIN_DIR": $0] } ?? [:]
        )
        let lines = result.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 2 * zones.count, "\(result)")
        for (number, name) in zones.enumerated() {
            let zone = try #require(TimeZone(identifier: name))
            let account = try JSONSerialization.jsonObject(with: Data(lines[2 * number].utf8)) as? [String: Any]
            #expect(account?["timezone_name"] as? String == name)
            #expect(account?["timezone_offset_hours_utc"] as? Double == Double(zone.secondsFromGMT()) / 3600, "\(name)")
            // 2024-03-12T15:02:47-0700: the offset in force at that time.
            let format = DateFormatter()
            format.locale = Locale(identifier: "en_US_POSIX")
            format.dateFormat = "yyyy-MM-dd'T'HH:mm:ssZ"
            format.timeZone = zone
            let created = try #require(format.date(from: lines[2 * number + 1]), "\(lines[2 * number + 1])")
            #expect(format.string(from: created) == lines[2 * number + 1])
        }
    }

    /// For `sh`: waits until this many calls have arrived.
    private static let waitForCalls = """
        wait_for_calls() {
          tries=200
          until [ "$(curl -q -sf -m 5 --noproxy '*' "$SIMULATOR_URL/_control" | jq .total)" = "$1" ]; do
            [ $((tries -= 1)) -gt 0 ] || { echo "the calls never came"; exit 1; }
            sleep 0.05
          done
        }
        """

    @Test("waiting calls do not delay other calls")
    func threads() throws {
        let result = try shell(
            """
            \(Self.waitForCalls)
            curl -q -sf --noproxy '*' -d '{"fault":"hang"}' "$SIMULATOR_URL/_control"
            for call in 1 2 3 4 5 6; do
              curl -q -sf --noproxy '*' "$SIMULATOR_URL/v23.0/me?access_token=$SIMULATOR_TOKEN" &
            done
            wait_for_calls 6
            curl -q -sf --noproxy '*' -X DELETE "$SIMULATOR_URL/_control"
            wait
            """
        )
        #expect(result.output.matches(of: #/"name":"Simulator"/#).count == 6, "\(result)")
    }

    @Test("clearing all faults releases hanging responses")
    func releases() throws {
        let result = try shell(
            """
            \(Self.waitForCalls)
            curl -q -sf --noproxy '*' -d '{"fault":"hang"}' "$SIMULATOR_URL/_control"
            curl -q -sf --noproxy '*' -m 20 "$SIMULATOR_URL/v23.0/me?access_token=$SIMULATOR_TOKEN" & call=$!
            wait_for_calls 1
            curl -q -sf --noproxy '*' -X DELETE "$SIMULATOR_URL/_control"
            wait "$call"
            """
        )
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains(#""name":"Simulator""#))
    }

    @Test("after SIGTERM it answers the waiting requests and ends")
    func ends() throws {
        let result = try shell(
            """
            \(Self.waitForCalls)
            curl -q -sf --noproxy '*' -d '{"fault":"hang"}' "$SIMULATOR_URL/_control"
            curl -q -sf --noproxy '*' "$SIMULATOR_URL/v23.0/me?access_token=$SIMULATOR_TOKEN" & call=$!
            wait_for_calls 1
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

    @Test("a truncated body ends early on the wire, and bad options are reported")
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
        #expect(try shell("true", options: "--account 7:3:6:40:EUR:Mars/Olympus").status == 69)
    }
}
