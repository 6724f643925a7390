internal import Model

/// The days of an answer, resolved in the account's time zone.
struct AnswerDays: Equatable {
    /// `nil` for metrics that are stored with the objects, and for answers without metrics.
    var requested: DayRange?
    /// The days that they are compared with.
    var compared: DayRange?

    /// `2026-03-01:2026-03-31::`
    var text: String {
        [requested, compared].map { $0.map { "\($0.since):\($0.until)" } ?? ":" }.joined(separator: ":")
    }

    /// Reads the four parts of `text`.
    init?(_ parts: some Collection<Substring>) {
        let parts = Array(parts)
        guard parts.count == 4, let requested = Self.range(parts[0], parts[1]),
            let compared = Self.range(parts[2], parts[3])
        else { return nil }
        (self.requested, self.compared) = (requested, compared)
    }

    init(_ requested: DayRange? = nil, compared: DayRange? = nil) {
        (self.requested, self.compared) = (requested, compared)
    }

    /// - Returns: `nil` for what cannot be read, and no range for two empty parts.
    private static func range(_ since: Substring, _ until: Substring) -> DayRange?? {
        if since.isEmpty, until.isEmpty { return .some(nil) }
        guard let since = Day(String(since)), let until = Day(String(until)) else { return nil }
        return DayRange(since: since, until: until)
    }
}
