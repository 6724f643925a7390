internal import ASCII
internal import HTTPMessages
internal import Model

/// The query parameters of a route's description. Others are ignored. Each may occur once, unless described otherwise.
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
        for name in known where query.all(name).count > 1 && !route.repeatableNames.contains(name) {
            throw RequestError.parameterRepeated(name)
        }
    }

    /// The value, when there is one that is not empty. What the route does not describe has none.
    subscript(name: String) -> String? {
        guard known.contains(name) else { return nil }
        return query[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All values that are not empty, of a parameter that may occur several times.
    func all(_ name: String) -> [String] { known.contains(name) ? query.all(name).filter { !$0.isEmpty } : [] }

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

    /// A day, or a moment that counts as its day.
    func dayBound(_ name: String) throws -> DayBound? {
        guard let text = self[name] else { return nil }
        guard let bound = DayBound(text) else {
            throw RequestError.parameterInvalid(
                name,
                "is neither a day such as 2026-03-12 nor a time such as 2026-03-12T22:02:47Z, from 1970 on"
            )
        }
        return bound
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
