import TestSupport
import Testing

/// The tests that `scripts/test --changed` runs for a changed file.
@Suite struct ChangedTests {
    @Test(
        "a changed file affects the tests of its target, of all dependent targets, and of the programs that contain it",
        arguments: [
            (
                "Sources/Compression/GzipStream.swift",
                ["CompressionTests", "EndpointsTests", "EndToEndTests", "browser", "checks"],
                ["StoreTests", "ModelTests", "dashboard", "everything"]
            ),
            (
                "Sources/GraphSimulator/World/World.swift", ["GraphSimulatorTests", "SyncEngineTests", "simulator"],
                ["ModelTests", "SecretsTests", "everything"]
            ),
            ("Tests/SecretsTests/New.swift", ["SecretsTests", "checks"], ["StoreTests", "EndToEndTests", "browser"]),
            (
                "Tests/TestSupport/Samples.swift", ["StoreTests", "SyncEngineTests", "EndToEndTests"],
                ["ModelTests", "browser", "everything"]
            ),
            ("README.md", ["EndpointsTests", "ProgramTests"], ["SyncEngineTests", "browser", "everything"]),
            (
                "nginx/public/lib/text.js", ["dashboard", "browser", "EndToEndTests"],
                ["SyncEngineTests", "StoreTests", "everything"]
            ),
            ("Tests/DashboardTests/new.test.mjs", ["dashboard"], ["browser", "EndToEndTests", "everything"]),
            ("scripts/monitoring/alerts.yml", ["EndpointsTests", "checks"], ["SyncEngineTests", "everything"]),
        ]
    )
    func affected(file: String, some: [String], others: [String]) throws {
        let parts = try parts([file])
        #expect(parts.isSuperset(of: some), "\(parts)")
        #expect(parts.isDisjoint(with: others), "\(parts)")
    }

    @Test(
        "a file with unknown dependents affects everything, also beside other files",
        arguments: ["Package.swift", "Unknown", "Sources/New/New.swift", "scripts/test", "scripts/with-postgres"]
    )
    func everything(file: String) throws {
        #expect(try parts([file]) == ["everything"])
        #expect(try parts(["README.md", file]) == ["everything"])
    }

    @Test("no changed file affects nothing")
    func nothing() throws {
        #expect(try parts([]) == [])
    }

    private func parts(_ files: [String]) throws -> Set<String> {
        let result = try Command.run(
            "\(Stack.root)/scripts/test.d/affected",
            input: files.map { "\($0)\n" }.joined()
        )
        #expect(result.status == 0, "\(result.errors)")
        return Set(result.output.split(separator: "\n").map(String.init))
    }
}
