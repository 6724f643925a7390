import HTTPMessages

/// One request as Graph reads it: version, route, and the parameters of query and form body together.
struct Call {
    let request: HTTPRequest
    /// nil when query or body are not well-formed.
    let parameters: QueryParameters?
    /// As the path has it, or the app's default.
    let version: String
    let route: Route

    init(_ request: HTTPRequest, world: SimulatedWorld, reports: Reports, defaultVersion: String) {
        self.request = request
        var segments = request.path.split(separator: "/")
        if let first = segments.first, Self.isVersion(first) {
            version = String(segments.removeFirst())
        } else {
            version = defaultVersion
        }
        route = Route(segments, in: world, reports)
        parameters = Self.parameters(of: request)
    }

    private static func isVersion(_ segment: Substring) -> Bool {
        let numbers = segment.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        return segment.first == "v" && numbers.count == 2
            && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
    }

    /// Those of the query go first.
    private static func parameters(of request: HTTPRequest) -> QueryParameters? {
        guard var parameters = try? QueryParameters(decoding: request.query) else { return nil }
        guard request.method == "POST" || request.method == "DELETE", !request.body.isEmpty else { return parameters }
        guard let form = try? QueryParameters(decoding: String(decoding: request.body, as: UTF8.self)) else {
            return nil
        }
        parameters.items += form.items
        return parameters
    }

    /// The rows asked for, before any cap.
    var limit: Int { parameters?["limit"].flatMap { Int($0) } ?? 25 }

    /// Whether it begins a list instead of going on with one.
    var isStart: Bool { parameters?["after"] == nil && parameters?["before"] == nil }

    /// A page of rows is the answer.
    var isList: Bool { request.method == "GET" && route.isList }

    /// The level of the rows, when a page of insights is the answer.
    var insightsLevel: String? {
        switch route {
        case .insights(let place) where isList: parameters?["level"] ?? place.level.name
        case .reportInsights(let report) where isList: report.query.level.name
        default: nil
        }
    }

    /// The posting of an insights report.
    var isReportPosting: Bool {
        if case .insights = route { request.method == "POST" } else { false }
    }

    /// Names of the `fields` parameter, those in braces too.
    var fieldNames: [String] {
        func names(_ fields: [RequestedField]) -> [String] {
            fields.flatMap { [$0.name] + names($0.children ?? []) }
        }
        return (try? parameters?["fields"].map(RequestedField.list)).flatMap { $0 }.map(names) ?? []
    }
}
