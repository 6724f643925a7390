import Foundation

/// The inputs of the parsers: a few small files for each, kept because each reaches different code.
struct Corpus {
    let parser: Parser
    let inputs: [(name: String, bytes: [UInt8])]

    init(_ parser: Parser) throws {
        self.parser = parser
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Corpus/\(parser.rawValue)", directoryHint: .isDirectory)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        inputs = try files.sorted { $0.path < $1.path }.map { ($0.lastPathComponent, Array(try Data(contentsOf: $0))) }
    }

    /// The same mutations every time: each differs from an input by a few changes.
    func mutations(_ count: Int) -> some Sequence<[UInt8]> {
        var random = SplitMix(state: UInt64(Parser.allCases.firstIndex(of: parser) ?? 0))
        return (0..<count).lazy.map { _ in
            var bytes = inputs.randomElement(using: &random)?.bytes ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random) }
            return bytes
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes.removeSubrange(place..<end)
        case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 3: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random) }
        case 4: bytes.replaceSubrange(place..<end, with: Self.words.randomElement(using: &random)?.utf8 ?? "".utf8)
        default:
            let other = inputs.randomElement(using: &random)?.bytes ?? []
            let cut = Int.random(in: 0...other.count, using: &random)
            bytes.replaceSubrange(place..., with: other[cut...])
        }
    }

    /// Texts that parsers often get wrong.
    private static let words = [
        "%00", "%", "%ff", "\u{301}", "\u{FEFF}", "\u{2028}", "\0", "\\u0000", "\\ud800", "\"", "\\", "\r\n", "null",
        "[", "{}",
        "-1", "+1", "0", "1e400", "9223372036854775808", "99999999999999999999999", "0.1", "NaN", "true", "=", "&", ";",
        ",", ":",
        "--", "ALL", "_", "T24:00:00Z", "9999-12-31", "0000-00-00", "act_", "ſ", "K",
    ]
}

/// The generator of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators".
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
