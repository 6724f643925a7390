internal import ASCII

/// A moment, to the second.
package struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int

    package init(seconds: Int) {
        self.seconds = seconds
    }

    /// The years 1 to 9999 in UTC: neither PostgreSQL nor JavaScript reads a date of another year as we write it.
    private static let readable = -62_135_596_800...253_402_300_799

    /// Reads the Graph API's form, `2024-03-12T15:02:47-0700`, and its neighbours: a lower-case `t`, a blank for a
    /// `+` that was URL-decoded, `Z`, a colon in the offset, and parts of a second, which are left out, as JavaScript's
    /// `toISOString` writes them. `nil` for anything else.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.count > 19, bytes[19] == UInt8(ascii: ".") {
            let digits = bytes[20...].prefix(while: \.isDigit)
            guard (1...9).contains(digits.count) else { return nil }
            bytes.removeSubrange(19..<digits.endIndex)
        }
        func number(_ start: Int, _ length: Int) -> Int? {
            guard start + length <= bytes.count else { return nil }
            return bytes[start..<(start + length)].reduce(Int?.some(0)) { sum, byte in
                guard let sum, byte.isDigit else { return nil }
                return sum * 10 + Int(byte - 0x30)
            }
        }
        guard let year = number(0, 4), let month = number(5, 2), let dayOfMonth = number(8, 2),
            let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
            let day = Day(year: year, month: month, day: dayOfMonth),
            year > 0, hour < 24, minute < 60, second < 61, bytes.count > 19
        else { return nil }
        let separators = [4, 7, 10, 13, 16].map { bytes[$0] }
        guard separators == Array("--T::".utf8) || separators == Array("--t::".utf8) else { return nil }
        let isWest = bytes[19] == UInt8(ascii: "-")
        let offset: Int
        switch bytes[19] {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            guard bytes.count == 20 else { return nil }
            offset = 0
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: " "):
            let minutesAt = bytes.count > 22 && bytes[22] == UInt8(ascii: ":") ? 23 : 22
            guard let hours = number(20, 2), let minutes = number(minutesAt, 2), bytes.count == minutesAt + 2,
                hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
        default:
            return nil
        }
        let seconds = day.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second - offset
        // The offset may lead out of the years that four digits can write.
        guard Self.readable.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// Reads the form of HTTP's `Date`: `Tue, 12 Mar 2024 22:02:47 GMT` (RFC 9110, section 5.6.7).
    package init?(httpDate text: String) {
        let words = text.split(separator: " ")
        guard words.map(\.utf8.count) == [4, 2, 3, 4, 8, 3], words[5] == "GMT",
            let dayOfMonth = Int(words[1]), let year = Int(words[3]), year > 0,
            let month = Self.months.firstIndex(of: String(words[2])),
            let day = Day(year: year, month: month + 1, day: dayOfMonth)
        else { return nil }
        let parts = words[4].split(separator: ":").map { $0.utf8.count == 2 ? Int($0) ?? -1 : -1 }
        guard parts.count == 3, (0..<24).contains(parts[0]), (0..<60).contains(parts[1]), (0..<61).contains(parts[2])
        else { return nil }
        seconds = day.daysSince1970 * 86_400 + parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    package static func < (one: Timestamp, other: Timestamp) -> Bool { one.seconds < other.seconds }

    package static func + (time: Timestamp, seconds: Int) -> Timestamp { Timestamp(seconds: time.seconds + seconds) }

    /// A moment in seconds since 1970, to the millisecond: `2024-03-12T22:02:47.123Z`.
    package static func text(milliseconds moment: Double) -> String {
        let thousandths = Int((moment * 1000).rounded(.down))
        let seconds = Timestamp(seconds: thousandths / 1000).description.dropLast()
        return "\(seconds).\(String(1000 + thousandths % 1000).dropFirst())Z"
    }

    /// RFC 3339 in UTC: `2024-03-12T22:02:47Z`.
    package var description: String {
        let day = Day(daysSince1970: Int((Double(seconds) / 86_400).rounded(.down)))
        let rest = seconds - day.daysSince1970 * 86_400
        return "\(day)T\(twoDigits(rest / 3600)):\(twoDigits(rest / 60 % 60)):\(twoDigits(rest % 60))Z"
    }
}

func twoDigits(_ number: Int) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
