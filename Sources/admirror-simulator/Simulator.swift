import ArgumentParser
import FastCGI
import GraphSimulator
import HTTPMessages
import Program

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

    @Flag(name: .customLong("print-token"), help: "Print the access token that it accepts, and exit.")
    var printToken = false

    func run() throws {
        if printToken { return print(GraphSimulator.demoToken) }
        let simulator = GraphSimulator(now: secondsSince1970, baseURL: baseURL, sleep: { pause(seconds: $0) })
        try Listener.serve(bodyLimit: 1 << 20) { request in
            if latency > 0 { pause(seconds: Double(latency) / 1000) }
            return simulator.respond(to: request)
        }
    }
}
