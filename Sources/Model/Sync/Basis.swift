// What an account had on some days as one text, which is stored beside what was read for these days.

extension DayTotals {
    /// The day's numbers as one text: as long as it stays the same, nothing that we show of the day has changed. An
    /// unknown number is `?`, an unknown reach `-1`.
    ///
    /// Stored texts outlive the catalogue: the numbers of the first edition have a place, later ones a name.
    package var basis: String {
        let placed = Self.placed.map { metric in
            results[metric]?.description ?? (metric == .reach ? "-1" : "?")
        }
        let named = Self.named.map { "\($0.name)=\(results[$0]?.description ?? "?")" }
        return (placed + named).joined(separator: " ")
    }

    /// Whether a basis that has the metric names it.
    package static func isNamedInBasis(_ metric: Metric) -> Bool { named.contains(metric) }

    private static let placed = [
        Metric.spend, .impressions, .clicks, .reach, .engagement, .conversions,
        .conversionValue,
    ]
    private static let named = Metric.ofAccountDays.filter { !placed.contains($0) }

    /// Whether the numbers are those of a basis, as far as they are known: what is unknown now may be what it was, and a
    /// metric that the basis does not have was not read then.
    package func agrees(with basis: String?) -> Bool {
        guard let basis else { return false }
        let (numbers, known) = (self.basis.split(separator: " "), basis.split(separator: " "))
        guard known.count >= Self.placed.count else { return false }
        let count = Self.placed.count
        let places = zip(numbers.prefix(count), known.prefix(count))
        guard places.allSatisfy({ $0 == "?" || $0 == "-1" || $0 == $1 }) else { return false }
        let later = known.dropFirst(count)
        return numbers.dropFirst(count).allSatisfy { number in
            guard let mark = number.firstIndex(of: "="), !number.hasSuffix("=?") else { return true }
            return later.contains(number) || !later.contains { $0.hasPrefix(number[...mark]) }
        }
    }
}
