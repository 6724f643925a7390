internal import HTTPMessages

/// In which form a list is answered.
enum AnswerFormat: String, CaseIterable {
    case json
    case csv

    var contentType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .csv: "text/csv; charset=utf-8; header=present"
        }
    }

    /// The parameter `format` decides; else CSV is for those who ask for it in `Accept`, and not as much for JSON. Who
    /// accepts neither gets JSON (RFC 9110, section 12.5.1, allows it).
    init(_ request: HTTPRequest, _ parameters: Parameters) throws {
        if let named = try parameters.choice("format", of: AnswerFormat.self) {
            self = named
        } else {
            self = Self.prefersCSV(request.headers["Accept"]) ? .csv : .json
        }
    }

    private static func prefersCSV(_ accept: String?) -> Bool {
        guard let csv = Preference.weight(["text/csv"], in: accept), csv > 0 else { return false }
        if let json = Preference.weight(["application/json"], in: accept) { return csv > json }
        return csv >= Preference.weight(["application/*", "*/*"], in: accept) ?? 0
    }
}

/// Headers that say what a client would rather have: `Accept`, `Accept-Encoding`.
enum Preference {
    /// The weight of the first of some names, most exact first, that the header has; 1 where it says none, `nil` when it has
    /// none of them (RFC 9110, section 12.4.2).
    static func weight(_ names: [String], in header: String?) -> Double? {
        guard let header else { return nil }
        let elements = header.lowercased().split(separator: ",").map { element in
            element.split(separator: ";").map { String($0.filter { !$0.isWhitespace }) }
        }
        for name in names {
            guard let element = elements.first(where: { $0.first == name }) else { continue }
            return element.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
        }
        return nil
    }
}
