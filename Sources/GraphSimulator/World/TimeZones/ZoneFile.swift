internal import FoundationEssentials

/// A compiled time zone file of the system (RFC 8536).
///
/// Foundation's `TimeZone` is no help: in a statically linked program it knows GMT alone, so that all accounts of a demo
/// would be in UTC.
struct ZoneFile {
    /// The offset east of UTC in seconds from a moment on, ascending. The first one holds before all others, too.
    let spans: [Span]
    /// What holds after the last of them.
    let rule: ZoneRule?

    struct Span: Equatable {
        let from: Int
        let offset: Int
    }

    static let folder = "/usr/share/zoneinfo"

    /// - Parameter name: an IANA name: `Europe/Berlin`.
    /// - Returns: `nil` when the system has no such zone.
    init?(name: String) {
        let isName = name.utf8.allSatisfy { byte in
            Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
                || "/_+-".utf8.contains(byte)
        }
        guard isName, !name.isEmpty, !name.hasPrefix("/"),
            let data = try? Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)"))
        else { return nil }
        self.init(bytes: Array(data))
    }

    /// - Returns: `nil` for what is no such file, or one of the first version, which ends in 2038.
    init?(bytes: [UInt8]) {
        // A part with times of 32 bits comes first, for old readers; one with 64 bits follows.
        guard let old = Header(bytes, at: 0), old.version >= UInt8(ascii: "2"),
            let header = Header(bytes, at: Header.size + old.length(timeSize: 4))
        else { return nil }
        var reader = ByteReader(bytes: bytes, position: header.end)
        let times = (0..<header.times).map { _ in reader.integer(8) }
        let places = (0..<header.times).map { _ in reader.integer(1) }
        let offsets = (0..<header.types).map { _ in
            let offset = reader.integer(4)
            reader.skip(2)
            return offset
        }
        reader.skip(header.characters + header.leapSeconds * 12 + header.standard + header.universal)
        guard let first = offsets.first, places.allSatisfy(offsets.indices.contains), reader.isWithin else {
            return nil
        }
        let footer = String(decoding: bytes[reader.position...], as: UTF8.self)
        spans =
            [Span(from: .min, offset: first)] + zip(times, places).map { Span(from: $0, offset: offsets[$1]) }
        rule = ZoneRule(footer.filter { $0 != "\n" })
    }
}

/// How much there is of what in one part of the file.
private struct Header {
    static let size = 44

    let version: UInt8
    let universal, standard, leapSeconds, times, types, characters: Int
    let end: Int

    init?(_ bytes: [UInt8], at start: Int) {
        guard bytes.count >= start + Self.size, bytes[start...].starts(with: Array("TZif".utf8)) else { return nil }
        version = bytes[start + 4]
        var reader = ByteReader(bytes: bytes, position: start + 20)
        (universal, standard, leapSeconds) = (reader.integer(4), reader.integer(4), reader.integer(4))
        (times, types, characters) = (reader.integer(4), reader.integer(4), reader.integer(4))
        end = reader.position
        guard [universal, standard, leapSeconds, times, types, characters].allSatisfy({ (0...65_536).contains($0) })
        else {
            return nil
        }
    }

    /// Bytes of what follows.
    func length(timeSize: Int) -> Int {
        times * (timeSize + 1) + types * 6 + characters + leapSeconds * (timeSize + 4) + standard + universal
    }
}

private struct ByteReader {
    let bytes: [UInt8]
    var position: Int

    var isWithin: Bool { position <= bytes.count }

    /// A signed number, its highest byte first; 0 behind the end.
    mutating func integer(_ size: Int) -> Int {
        defer { position += size }
        guard position + size <= bytes.count else { return 0 }
        let raw = bytes[position..<position + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        switch size {
        case 8: return Int(Int64(bitPattern: raw))
        case 4: return Int(Int32(truncatingIfNeeded: raw))
        default: return Int(raw)
        }
    }

    mutating func skip(_ count: Int) { position += count }
}
