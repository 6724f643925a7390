internal import ASCII

/// An exact decimal number with six places: money in a currency's major unit, or a count that may be a fraction
/// (Facebook splits a conversion between ads). Never a binary fraction: answers must be right to the cent.
package struct Amount: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// Millionths.
    package let micros: Int64

    package static let zero = Amount(micros: 0)

    package init(micros: Int64) {
        self.micros = micros
    }

    /// Reads `"14.35"` or `"12"`, to six places, cutting further ones off. `nil` for anything else, for a negative
    /// number, and for one that is too large.
    package init?(decimal text: some StringProtocol) {
        let halves = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = halves.first, !whole.isEmpty else { return nil }
        let places = halves.count > 1 ? halves[1] : text.utf8.suffix(0)
        var micros: Int64 = 0
        for digit in Array(whole) + Array(places.prefix(6)) + Array(repeating: 0x30, count: max(0, 6 - places.count)) {
            guard digit.isDigit else { return nil }
            let (tenfold, overflow) = micros.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tenfold.addingReportingOverflow(Int64(digit - 0x30))
            guard !overflow && !carry else { return nil }
            micros = sum
        }
        guard places.dropFirst(6).areDigits else { return nil }
        self.micros = micros
    }

    /// The same of a number that may be below zero.
    package init?(signedDecimal text: some StringProtocol) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        guard let amount = Amount(decimal: isNegative ? text.dropFirst() : text[...]) else { return nil }
        micros = isNegative ? -amount.micros : amount.micros
    }

    /// A count of minor units, as the Graph API sends budgets: `"1234"` in USD is 12.34, in JPY 1234.
    package init?(minorUnits text: some StringProtocol, currency: String) {
        guard text.utf8.areDigits, let count = Int64(text) else { return nil }
        let (micros, overflow) = count.multipliedReportingOverflow(by: 1_000_000 / Currency.minorUnits(currency))
        guard !overflow else { return nil }
        self.micros = micros
    }

    /// The same of a count that may be below zero, such as what an account owes.
    package init?(signedMinorUnits count: Int64, currency: String) {
        let (micros, overflow) = count.multipliedReportingOverflow(by: 1_000_000 / Currency.minorUnits(currency))
        guard !overflow else { return nil }
        self.micros = micros
    }

    /// The sum; `nil` when it is too large.
    package func adding(_ other: Amount) -> Amount? {
        let (sum, overflow) = micros.addingReportingOverflow(other.micros)
        return overflow ? nil : Amount(micros: sum)
    }

    package static func < (one: Amount, other: Amount) -> Bool { one.micros < other.micros }

    /// Without trailing zeros: `14.35`, `12`.
    package var description: String {
        let sign = micros < 0 ? "-" : ""
        let whole = micros.magnitude / 1_000_000
        var places = String(micros.magnitude % 1_000_000)
        guard places != "0" else { return "\(sign)\(whole)" }
        places = String(repeating: "0", count: 6 - places.count) + places
        while places.hasSuffix("0") { places.removeLast() }
        return "\(sign)\(whole).\(places)"
    }
}

/// Meta's own table of minor units, which is not ISO 4217's: HUF, TWD, COP, CRC and IDR have none here, and BHD and
/// JOD have 100. Source: developers.facebook.com, docs/marketing-api/currencies.
package enum Currency {
    private static let withoutMinorUnit: Set = [
        "CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND",
    ]

    /// How many minor units make one of the currency.
    package static func minorUnits(_ currency: String) -> Int64 {
        withoutMinorUnit.contains(currency.uppercased()) ? 1 : 100
    }
}
