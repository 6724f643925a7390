/// A picture that the CDN has. Its number decides its form, its size and its colours.
struct SimulatedPicture: Equatable {
    enum Form: String, CaseIterable {
        case jpeg = "jpg"
        case png
        case webp
        case gif

        var type: String { self == .jpeg ? "image/jpeg" : "image/\(rawValue)" }
    }

    let number: UInt64

    init(_ number: UInt64) {
        self.number = number
    }

    var form: Form { Form.allCases[Int(number >> 8 & 0xFF) % Form.allCases.count] }
    var width: Int { [1080, 600, 1200, 48][Int(number >> 24 & 0xFF) % 4] }
    var height: Int { [1080, 600, 628, 32][Int(number >> 24 & 0xFF) % 4] }
    /// `image_hash`.
    var hash: String { Self.hexadecimal(number) + Self.hexadecimal(Randomness.mixed(number)) }

    /// The path of its signed address, with query.
    /// - Parameters:
    ///   - width: of a thumbnail; nil for the picture itself.
    ///   - end: unix seconds at which the address expires.
    func address(width: Int?, height: Int?, until end: Int) -> String {
        let size = width.map { "p\($0)x\(height ?? $0)" } ?? "full"
        return "/v/t45.1600-4/\(Self.hexadecimal(number))_n.\(form.rawValue)?stp=\(size)"
            + "&oe=\(String(end, radix: 16))&oh=\(signature(size, end))"
    }

    func signature(_ size: String, _ end: Int) -> String {
        let sum = size.utf8.reduce(UInt64(end)) { Randomness.mixed($0 &+ UInt64($1)) }
        return Self.hexadecimal(Randomness.mixed(number ^ sum))
    }

    /// - Parameter name: the last piece of its path.
    init?(name: some StringProtocol) {
        let pieces = name.split(separator: "_")
        guard pieces.count == 2, let number = UInt64(pieces[0], radix: 16) else { return nil }
        self.number = number
        guard pieces[1] == "n.\(form.rawValue)" else { return nil }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// - Parameter size: as `stp` has it: `full`, or the largest `p64x64`.
    func bytes(_ size: String) -> [UInt8] {
        var (width, height) = (width, height)
        let limits = size.dropFirst().split(separator: "x").compactMap { Int($0) }
        if size.hasPrefix("p"), limits.count == 2 {
            let scale = min(1, Double(limits[0]) / Double(width), Double(limits[1]) / Double(height))
            width = max(1, Int(Double(width) * scale))
            height = max(1, Int(Double(height) * scale))
        }
        switch form {
        case .jpeg: return JPEGPicture.bytes(width, height, number)
        case .png: return PNGPicture.bytes(width, height, number)
        case .webp: return WebPPicture.bytes(width, height, number)
        case .gif: return GIFPicture.bytes(width, height, number)
        }
    }
}
