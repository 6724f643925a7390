import ArgumentParser
import FastCGI
import GraphSimulator
import HTTPMessages
import Synchronization

/// `admirror-simulator`: answers as the Graph API would, from a seeded world. For the demo and the tests; no part of a
/// production install.
@main
struct Simulator: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admirror-simulator",
        abstract: "Simulates the Graph API behind a FastCGI socket, with ad accounts made from a seed."
    )

    @Option(name: .customLong("base-url"), help: "Where the simulator is reached; stands in the next-page links.")
    var baseURL = "http://127.0.0.1:8080/simulator"

    @Option(help: "Milliseconds that each answer takes.")
    var latency = 0

    @Option(help: "How many requests are answered at a time.")
    var threads = 8

    @Option(
        name: .customLong("account"),
        help: ArgumentHelp(
            "An ad account, instead of those of the demo; may be repeated.",
            valueName: "id:campaigns:adsets:ads[:currency[:zone]]"
        )
    )
    var accounts: [SimulatedAccountOption] = []

    @Option(
        name: .customLong("app-secret-file"),
        help: "A file that holds an app secret: every call must then prove it."
    )
    var appSecretFile: String?

    @Flag(name: .customLong("print-token"), help: "Print the access token that it accepts, and exit.")
    var printToken = false

    @Flag(name: .customLong("print-app-id"), help: "Print the id of the app that it knows, and exit.")
    var printAppID = false

    @Flag(name: .customLong("print-app-secret"), help: "Print the secret of that app, and exit.")
    var printAppSecret = false

    func validate() throws {
        guard threads > 0, latency >= 0 else { throw ValidationError("--threads and --latency cannot be negative") }
        guard Set(accounts.map(\.spec.id)).count == accounts.count else {
            throw ValidationError("--account names the same account twice")
        }
    }

    func run() throws {
        if printToken { return print(GraphSimulator.demoToken) }
        if printAppID { return print(GraphSimulator.appID) }
        if printAppSecret { return print(GraphSimulator.demoAppSecret) }
        let secret = try appSecretFile.map { path in
            guard let text = readFile(path) else { throw ValidationError("\(path) cannot be read") }
            return String(text.prefix { !$0.isWhitespace })
        }
        // One answer is reckoned at a time; what takes long is the waiting, and that is done by all at once.
        let simulator = Mutex(
            GraphSimulator(
                now: secondsSince1970,
                baseURL: baseURL,
                world: accounts.isEmpty ? .demo : World(seed: World.demo.seed, accounts: accounts.map(\.spec)),
                appSecret: secret
            )
        )
        let latency = Double(latency) / 1000
        try Listener.serve(threads: threads, bodyLimit: 1 << 20) { request in
            let arrival = secondsSince1970()
            let releases = HeldAnswers.releases
            let (response, delay) = simulator.withLock { $0.answer(to: request) }
            // After the faults are gone, so that no answer that still has one stays behind.
            if request.method == "DELETE", request.path == "/_control" { HeldAnswers.release() }
            // Reckoning is part of the time that an answer takes.
            HeldAnswers.hold(until: arrival + latency + delay, since: releases)
            return HTTPReply(response)
        }
    }
}

/// Answers that are ready but held back.
private enum HeldAnswers {
    private static let count = Atomic<Int>(0)

    /// How often all were released.
    static var releases: Int { count.load(ordering: .sequentiallyConsistent) }

    /// Waits until that time, until all are released again, or until the program must stop.
    static func hold(until end: Double, since before: Int) {
        while !Listener.isEnding, releases == before {
            let rest = end - secondsSince1970()
            guard rest > 0 else { return }
            pause(seconds: min(rest, 0.05))
        }
    }

    /// After all faults are removed, delayed responses must not wait any longer.
    static func release() { count.add(1, ordering: .sequentiallyConsistent) }
}
