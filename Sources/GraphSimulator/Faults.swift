import HTTPMessages

/// Trouble on order: what goes wrong, for which requests, and how often.
struct Fault {
    enum Name: String {
        case tokenExpired = "token_expired"
        case rateLimited = "rate_limited"
        case permission
        case transient
        /// Only for requests whose `limit` is greater than `value`.
        case reduceData = "reduce_data"
        case serverErrorHTML = "server_error_html"
        case bodyNotJSON = "body_not_json"
        case errorIn200 = "error_in_200"
        /// The answer comes after `value` milliseconds; other faults still apply.
        case latency
    }

    let name: Name
    /// Part of the request's path; nil for all paths.
    let path: String?
    /// Digits; nil for all accounts.
    let account: String?
    /// Rows, milliseconds or, for `rate_limited`, minutes.
    let value: Int?
    /// How often it still happens; nil for ever.
    var times: Int?

    func matches(_ request: HTTPRequest, account: String?, limit: Int) -> Bool {
        if times == 0 { return false }
        if let path, !contains(request.path, path) { return false }
        if let wanted = self.account, wanted != account { return false }
        return name != .reduceData || limit > (value ?? 0)
    }

    private func contains(_ text: String, _ part: String) -> Bool {
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.hasPrefix(part) { return true }
            rest.removeFirst()
        }
        return part.isEmpty
    }
}

/// The faults on order, first come first served.
struct Faults {
    private var ordered: [Fault] = []

    mutating func order(_ fault: Fault) { ordered.append(fault) }
    mutating func clear() { ordered = [] }

    /// The milliseconds to wait and the fault to answer with, which are thereby used up once.
    mutating func take(
        for request: HTTPRequest,
        account: String?,
        limit: Int
    ) -> (milliseconds: Int, fault: Fault?) {
        var milliseconds = 0
        for place in ordered.indices where ordered[place].matches(request, account: account, limit: limit) {
            ordered[place].times = ordered[place].times.map { $0 - 1 }
            if ordered[place].name != .latency { return (milliseconds, ordered[place]) }
            milliseconds += ordered[place].value ?? 0
        }
        return (milliseconds, nil)
    }
}

extension Fault {
    /// What the client gets to see.
    /// - Parameters:
    ///   - regular: the answer without the fault.
    ///   - trace: for `fbtrace_id`.
    func response(regular: () -> HTTPResponse, trace: String) -> HTTPResponse {
        switch name {
        case .tokenExpired: return GraphError.tokenExpired.response(trace: trace)
        case .rateLimited: return GraphError.rateLimited.response(trace: trace)
        case .permission: return GraphError.permission.response(trace: trace)
        case .transient: return GraphError.transient.response(trace: trace)
        case .reduceData: return GraphError.reduceData.response(trace: trace)
        case .errorIn200:
            var error = GraphError.transient
            error.status = 200
            return error.response(trace: trace)
        case .bodyNotJSON:
            var response = regular()
            response.body = Array(response.body.prefix(max(response.body.count / 2, 1)))
            return response
        case .serverErrorHTML:
            let page =
                "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong."
                + "</h1><p>We're working on it and we'll get it fixed as soon as we can.</p></body></html>"
            return HTTPResponse(
                status: 503,
                headers: ["Content-Type": "text/html; charset=\"utf-8\""],
                body: Array(page.utf8)
            )
        case .latency: return regular()
        }
    }
}
