import Model
import Testing

@Suite struct AmountTests {
    @Test(
        "decimal texts are read exactly, to six places",
        arguments: [
            ("0", 0), ("12", 12_000_000), ("14.35", 14_350_000), ("0.1", 100_000), ("0.000001", 1),
            ("1.594444", 1_594_444), ("1.5944449", 1_594_444), ("0.0000009", 0), ("0.99999999999999999999", 999_999),
            ("00012.50", 12_500_000), ("9223372036854.775807", .max), ("4.35", 4_350_000), ("1.10", 1_100_000),
        ] as [(String, Int64)]
    )
    func decimals(text: String, micros: Int64) {
        #expect(Amount(decimal: text)?.micros == micros)
        #expect(Amount(decimal: Substring(text))?.micros == micros)
    }

    @Test(
        "other texts are refused",
        arguments: [
            "", " ", ".", ".5", "-1", "-0.01", "+1", "1,5", "1.2.3", "1e3", "0x10", " 1", "1 ", "1\n", "abc", "1.x",
            "1.0000001x", "1.-5", "NaN", "Infinity", "١٢", "１２", "1_000", "9223372036854.775808", "9223372036855",
            "99999999999999999999999999",
        ]
    )
    func refused(text: String) {
        #expect(Amount(decimal: text) == nil)
    }

    @Test(
        "minor units follow Meta's table, not ISO 4217's",
        arguments: [
            ("USD", 100), ("EUR", 100), ("BHD", 100), ("JOD", 100), ("UYU", 100), ("VES", 100), ("usd", 100),
            ("XYZ", 100), ("CLP", 1), ("COP", 1), ("CRC", 1), ("HUF", 1), ("ISK", 1), ("IDR", 1), ("JPY", 1),
            ("KRW", 1), ("PYG", 1), ("TWD", 1), ("VND", 1), ("jpy", 1),
        ] as [(String, Int64)]
    )
    func minorUnits(currency: String, units: Int64) {
        #expect(Currency.minorUnits(currency) == units)
        #expect(Amount(minorUnits: "1234", currency: currency)?.micros == 1_234_000_000 / units)
    }

    @Test(
        "a budget is read from its minor units",
        arguments: [
            ("1234", "USD", "12.34"), ("5", "USD", "0.05"), ("1234", "JPY", "1234"), ("0", "USD", "0"),
            ("5000", "BHD", "50"), ("5000", "HUF", "5000"),
        ]
    )
    func budgets(text: String, currency: String, shown: String) {
        #expect(Amount(minorUnits: text, currency: currency)?.description == shown)
    }

    @Test(
        "a budget that is no whole number of minor units is refused",
        arguments: ["", "-1", "12.34", "abc", "1e3", " 1", "9223372036854775807", "9223372036854775808"]
    )
    func refusedBudgets(text: String) {
        #expect(Amount(minorUnits: text, currency: "JPY") == nil)
    }

    @Test("the largest budget that fits is read, and one more is refused")
    func largestBudget() {
        #expect(Amount(minorUnits: "922337203685477", currency: "USD")?.description == "9223372036854.77")
        #expect(Amount(minorUnits: "922337203685478", currency: "USD") == nil)
    }

    @Test(
        "money is shown without trailing zeros",
        arguments: [
            (0, "0"), (1, "0.000001"), (10, "0.00001"), (100_000, "0.1"), (12_000_000, "12"), (12_500_000, "12.5"),
            (12_050_000, "12.05"), (120_000_000, "120"), (.max, "9223372036854.775807"),
        ] as [(Int64, String)]
    )
    func shown(micros: Int64, text: String) {
        #expect(Amount(micros: micros).description == text)
        #expect(Amount(decimal: text)?.micros == micros)
    }

    @Test("money compares by amount")
    func order() throws {
        let sorted = ["0.1", "0.09", "10", "9.999999"].compactMap { Amount(decimal: $0) }.sorted()
        #expect(sorted.map(\.description) == ["0.09", "0.1", "9.999999", "10"])
        #expect(Amount.zero.micros == 0)
    }

    @Test("a negative amount can be displayed")
    func negative() async {
        #expect(Amount(micros: -3_000_000).description == "-3")
        #expect(Amount(micros: -5).description == "-0.000005")
        await #expect(processExitsWith: .success) { _ = Amount(micros: -1_500_000).description }
    }
}
