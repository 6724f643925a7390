import Testing

/// The parsers without libFuzzer: the corpus, and a fixed set of mutations of it. `scripts/fuzz` searches further.
@Suite struct FuzzTests {
    @Test("the parsers handle every input of the corpus, and each input is small", arguments: Parser.allCases)
    func corpus(parser: Parser) throws {
        let inputs = try Corpus(parser).inputs
        #expect((2...24).contains(inputs.count), "\(parser) has \(inputs.count) inputs")
        for (name, bytes) in inputs {
            #expect(bytes.count <= 4096, "\(name) is too large")
            #expect(throws: Never.self, "\(parser)/\(name)") { try parser.check(bytes) }
        }
    }

    @Test("inputs that differ from the corpus by a few changes do no harm", arguments: Parser.allCases)
    func mutations(parser: Parser) throws {
        for bytes in try Corpus(parser).mutations(1500) {
            let took = ContinuousClock().measure {
                #expect(throws: Never.self, "\(String(decoding: bytes, as: UTF8.self).debugDescription)") {
                    try parser.check(bytes)
                }
            }
            #expect(took < .seconds(30), "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
    }

    @Test("deep and long inputs take a bounded time", arguments: Parser.allCases, Excess.allCases)
    func excess(parser: Parser, excess: Excess) {
        let took = ContinuousClock().measure {
            #expect(throws: Never.self) { try parser.check(Array(excess.text.utf8)) }
        }
        // An endless search would take hours; the limit allows for a busy machine.
        #expect(took < .seconds(120), "\(took)")
    }
}

/// Larger than any real input.
enum Excess: CaseIterable, Sendable {
    case depth
    case members
    case parameters
    case digits
    case letters
    case separators
    case message

    var text: String {
        switch self {
        case .depth: String(repeating: "[", count: 100_000)
        case .members: "{" + (0..<20_000).map { "\"\($0)\":{}" }.joined(separator: ",") + "}"
        case .parameters: (0..<20_000).map { "p\($0)=\($0)" }.joined(separator: "&")
        case .digits: "{\"error\":{\"code\":" + String(repeating: "9", count: 100_000) + "}}"
        case .letters: String(repeating: "a", count: 1 << 18)
        case .separators: "Cookie: " + String(repeating: "; ,", count: 50_000)
        case .message: "{\"error\":{\"code\":100,\"message\":\"" + String(repeating: "a", count: 1 << 18) + "\"}}"
        }
    }
}
