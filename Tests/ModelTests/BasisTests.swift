import Model
import Testing

/// An account's results on some days, as the text that is stored beside the data read for them.
@Suite struct BasisTests {
    private func totals(_ values: [(Metric, Int)]) -> DayTotals {
        var totals = DayTotals.nothing(Day(daysSince1970: 20_000))
        for (metric, value) in values {
            totals.results[metric] =
                metric.isWhole ? .count(value) : .amount(Amount(micros: Int64(value) * 1_000_000))
        }
        return totals
    }

    private let first: [(Metric, Int)] = [
        (.spend, 14), (.impressions, 1000), (.clicks, 9), (.reach, 700), (.engagement, 12), (.conversions, 2),
        (.conversionValue, 99),
    ]
    private let laterMetrics = Metric.ofAccountDays.filter { metric in
        ![.spend, .impressions, .clicks, .reach, .engagement, .conversions, .conversionValue].contains(metric)
    }

    @Test("the text that version 18 stored still matches, and a text with any other number does not")
    func firstEdition() {
        let totals = totals(first)
        #expect(totals.basis.hasPrefix("14 1000 9 700 12 2 99"))
        #expect(totals.agrees(with: "14 1000 9 700 12 2 99"))
        for other in ["15 1000 9 700 12 2 99", "14 1000 9 701 12 2 99", "14 1000 9 700 12 2 99.5", "14 1000", "", "x"] {
            #expect(!totals.agrees(with: other), "\(other)")
        }
        #expect(!totals.agrees(with: nil))
        #expect(!totals.agrees(with: "14 1000 9 700 ? 2 99"), "what was unknown then is known now")
    }

    @Test("a metric that was declared later counts once it has been read")
    func later() throws {
        let metric = try #require(laterMetrics.first)
        let totals = totals(first + [(metric, 5)])
        #expect(totals.agrees(with: totals.basis))
        #expect(totals.agrees(with: "14 1000 9 700 12 2 99"))
        #expect(!totals.agrees(with: self.totals(first + [(metric, 6)]).basis))
        var unknown = totals
        unknown.results[metric] = nil
        #expect(unknown.agrees(with: totals.basis))
        #expect(!totals.agrees(with: unknown.basis))
    }

    @Test("an unknown value matches any earlier one")
    func unknown() {
        var totals = totals(first)
        totals.results[.reach] = nil
        totals.results[.engagement] = nil
        #expect(totals.basis.hasPrefix("14 1000 9 -1 ? 2 99"))
        #expect(totals.agrees(with: "14 1000 9 700 12 2 99"))
    }
}
