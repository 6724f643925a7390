internal import ASCII

/// A decimal number as written, perhaps with an exponent. Nothing is rounded.
package struct ExactDecimal: Sendable {
    package let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The power of ten that multiplies the whole number `digits`.
    private let exponent: Int

    /// Reads `12`, `-0.5`, `1e3` and `1.5E-9`. `nil` for anything else.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let whole = rest.prefix(while: \.isDigit)
        rest = rest.dropFirst(whole.count)
        var places = rest.prefix(0)
        if rest.first == UInt8(ascii: ".") {
            places = rest.dropFirst().prefix(while: \.isDigit)
            guard !places.isEmpty else { return nil }
            rest = rest.dropFirst(1 + places.count)
        }
        guard !whole.isEmpty, let power = Self.power(rest) else { return nil }
        var digits = Array(whole) + Array(places)
        var exponent = power - places.count
        while digits.last == 0x30 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = Array(digits.drop { $0 == 0x30 })
        self.exponent = exponent
    }

    /// The exponent. One of more than six digits counts as a million, beyond all useful numbers.
    private static func power(_ text: Substring.UTF8View) -> Int? {
        guard let mark = text.first else { return 0 }
        guard mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") else { return nil }
        var rest = text.dropFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty, rest.areDigits else { return nil }
        let power = rest.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1_000_000) }
        return isNegative ? -power : power
    }

    package var isZero: Bool { digits.isEmpty }

    /// The number itself; `nil` when it has a fraction, or is too large.
    package var integer: Int64? { exponent < 0 && !isZero ? nil : scaled(by: 0) }

    /// Millionths, further places cut off; `nil` when there are too many.
    package var micros: Int64? { scaled(by: 6) }

    /// The number times a power of ten, further places cut off.
    private func scaled(by places: Int) -> Int64? {
        guard !isZero else { return 0 }
        let count = digits.count + exponent + places
        guard count > 0 else { return 0 }
        guard count <= 19 else { return nil }
        var value: Int64 = 0
        for place in 0..<count {
            let digit = place < digits.count ? Int64(digits[place] - 0x30) : 0
            let (tenfold, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return isNegative ? -value : value
    }
}
