internal import ASCII
internal import HTTPMessages
internal import Model

/// The query parameters of a route's description. Others are ignored. Each of these may occur once.
struct Parameters {
    private let query: QueryParameters
    private let known: [String]

    init(_ request: HTTPRequest, of route: RouteDescription) throws {
        known = route.queryNames
        do {
            query = try QueryParameters(decoding: request.query)
        } catch {
            throw RequestError.queryMalformed
        }
        for name in known where query.all(name).count > 1 {
            throw RequestError.parameterRepeated(name)
        }
    }

    /// The value, when there is one that is not empty. What the route does not describe has none.
    subscript(name: String) -> String? {
        guard known.contains(name) else { return nil }
        return query[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A whole number within bounds.
    func number(_ name: String, in bounds: ClosedRange<Int>) throws -> Int? {
        guard let text = self[name] else { return nil }
        guard text.utf8.count <= 10, text.isDigits, let number = Int(text),
            bounds.contains(number)
        else {
            throw RequestError.parameterInvalid(
                name,
                "is not a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
            )
        }
        return number
    }

    /// Digits that an id of Facebook's has.
    static let objectIDLength = 1...20

    /// Facebook's id of an object.
    func objectID(_ name: String) throws -> String? {
        guard let text = self[name] else { return nil }
        guard Self.objectIDLength.contains(text.utf8.count), text.isDigits else {
            throw RequestError.parameterInvalid(name, "is not a Facebook id of up to 20 digits")
        }
        return text
    }

    /// The years that make sense. At the ends of PostgreSQL's calendar, a time zone could lead outside of it.
    private static let days = Day(daysSince1970: 0)...Day(daysSince1970: 2_900_000)

    /// A day, or a moment that counts as its day.
    func dayBound(_ name: String) throws -> DayBound? {
        guard let text = self[name] else { return nil }
        if let day = Day(text), Self.days.contains(day) { return .day(day) }
        if let moment = Timestamp(text), moment.seconds >= 0,
            Self.days.contains(Day(daysSince1970: moment.seconds / 86_400))
        {
            return .moment(moment)
        }
        throw RequestError.parameterInvalid(
            name,
            "is neither a day such as 2026-03-12 nor a time such as 2026-03-12T22:02:47Z, from 1970 on"
        )
    }

    /// `true` or `false`.
    func flag(_ name: String) throws -> Bool? {
        guard let text = self[name] else { return nil }
        guard let value = Bool(text) else { throw RequestError.parameterInvalid(name, "is neither true nor false") }
        return value
    }

    /// One of some words.
    func choice<Value: RawRepresentable<String> & CaseIterable>(_ name: String, of: Value.Type) throws -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = Value(rawValue: text) else {
            let words = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw RequestError.parameterInvalid(name, "is not one of \(words)")
        }
        return value
    }
}
