internal import Model

/// The parameter `compare`.
enum Comparison {
    /// As many days, right before the requested ones.
    case previous
    /// The same days of the year before.
    case previousYear
    case range(DayRange)

    static let words = ["previous", "previous_year"]

    init?(_ parameters: Parameters) throws {
        switch parameters["compare"] {
        case nil: return nil
        case "previous"?: self = .previous
        case "previous_year"?: self = .previousYear
        case let text?:
            guard let dots = text.firstRange(of: ".."),
                case .day(let since)? = DayBound(String(text[..<dots.lowerBound])),
                case .day(let until)? = DayBound(String(text[dots.upperBound...]))
            else {
                throw RequestError.parameterInvalid(
                    "compare",
                    "is neither \(Self.words.joined(separator: " nor ")) nor two days such as 2026-02-01..2026-02-28"
                )
            }
            try DayBounds.check(since, until, ("the first day of compare", "the last day"))
            self = .range(DayRange(since: since, until: until))
        }
    }

    func days(before days: DayRange) -> DayRange {
        switch self {
        case .previous: days.previous
        case .previousYear: days.yearBefore
        case .range(let range): range
        }
    }
}
