internal import ASCII

/// SQL in which each interpolated value becomes a parameter: `"… WHERE id = \(id)"` is sent as `… WHERE id = $1`.
///
/// Values travel as text; the server infers the type, or a cast names it: `\(id)::uuid`. Raw SQL needs `\(raw:)`.
package struct Query: ExpressibleByStringInterpolation, Sendable {
    package private(set) var sql: String
    package private(set) var parameters: [String?]
    /// Planned for these parameters and then forgotten: for statements with so many forms that prepared statements
    /// would fill the server's memory.
    package var isOneOff = false
    /// Settings of the server, by name, that apply to this statement only.
    package var settings: [String: String] = [:]

    package init(stringLiteral sql: String) {
        self.sql = sql
        parameters = []
    }

    /// SQL that names its parameters `$1`, `$2` … itself, as often as it likes.
    package init(raw sql: String, _ parameters: (any QueryValue)?...) {
        self.init(raw: sql, parameters)
    }

    package init(raw sql: String, _ parameters: [(any QueryValue)?]) {
        self.sql = sql
        self.parameters = parameters.map { $0?.queryText }
    }

    package init(stringInterpolation: StringInterpolation) {
        sql = stringInterpolation.sql
        parameters = stringInterpolation.parameters
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = ""
        fileprivate var parameters: [String?] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + 4 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            sql += literal
        }

        package mutating func appendInterpolation(_ value: some QueryValue) {
            parameters.append(value.queryText)
            sql += "$\(parameters.count)"
        }

        package mutating func appendInterpolation(_ value: (some QueryValue)?) {
            parameters.append(value?.queryText)
            sql += "$\(parameters.count)"
        }

        /// SQL that goes into the statement as it is: only for text that our own source holds.
        package mutating func appendInterpolation(raw: String) {
            sql += raw
        }
    }
}

/// A value that can be a parameter.
package protocol QueryValue {
    /// PostgreSQL's notation.
    var queryText: String { get }
}

extension String: QueryValue {
    package var queryText: String { self }
}

extension Int: QueryValue {
    package var queryText: String { String(self) }
}

extension Bool: QueryValue {
    package var queryText: String { self ? "t" : "f" }
}

/// `bytea`, in its hex form.
extension [UInt8]: QueryValue {
    package var queryText: String {
        "\\x" + Hexadecimal.text(self)
    }
}

/// `text[]`
package struct TextArray: QueryValue {
    /// `nil` is NULL.
    package let elements: [String?]

    package init(_ elements: [String?]) {
        self.elements = elements
    }

    package var queryText: String {
        let quoted = elements.map { element in
            guard let element else { return "NULL" }
            // (!) By bytes: a quote under a combining accent is another character, and a quote all the same.
            return "\""
                + String(decoding: element.utf8.flatMap { Self.isSpecial($0) ? [0x5C, $0] : [$0] }, as: UTF8.self)
                + "\""
        }
        return "{" + quoted.joined(separator: ",") + "}"
    }

    private static func isSpecial(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") }
}
