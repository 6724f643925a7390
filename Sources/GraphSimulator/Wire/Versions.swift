import HTTPMessages

/// Which versions of the API are past their end of life.
struct Versions {
    var current = "v23.0"
    var expired: Set<String> = []
    /// Whether calls of expired versions are answered by the current one, with a warning in the headers, instead of
    /// being refused with code 2635.
    var upgradesExpired = false
    /// Refusals do not name the version to use.
    var isSilent = false
    /// Fields that a version, and all after it, no longer have.
    private var dropped: [(field: String, since: String)] = []
    /// Versions that are going to expire, and what comes after them.
    private var warned: [String: String] = [:]
    /// A placeholder for every version but the current one.
    private static let others = "others"

    /// `{"fault":"version_expired","version":"v23.0","current":"v25.0","upgrade":false,"silent":false}`, `version_warning`, and
    /// `{"fault":"version_drops","version":"v25.0","field":"reach"}`.
    mutating func obey(_ order: Order) {
        let version = order.text("version") ?? Self.others
        if order.fault == "version_drops" {
            dropped.append((order.text("field") ?? "", version))
        } else if order.fault == "version_warning" {
            warned[version] = order.text("current") ?? current
        } else {
            expired.insert(version)
            current = order.text("current") ?? current
            upgradesExpired = order.flag("upgrade")
            isSilent = order.flag("silent")
        }
    }

    /// The refusal of a call in an expired version.
    var refusal: GraphError {
        isSilent
            ? GraphError(code: 2635, message: "(#2635) You are calling a deprecated version of the Ads API.")
            : .expiredVersion(current)
    }

    /// The refusal of a field that the version of a call no longer has.
    func refusal(of call: Call) -> GraphError? {
        let version = answering(call.version)
        let names = call.fieldNames
        return dropped.first { names.contains($0.field) && Self.number(of: version) >= Self.number(of: $0.since) }.map {
            GraphError(code: 12, message: "(#12) \($0.field) field is deprecated for versions \($0.since) and higher")
        }
    }

    private static func number(of version: String) -> Double { Double(version.dropFirst()) ?? 0 }

    func isExpired(_ version: String) -> Bool {
        expired.contains(version) || (version != current && expired.contains(Self.others))
    }

    /// The version that answers.
    func answering(_ version: String) -> String { isExpired(version) && upgradesExpired ? current : version }

    func addHeaders(to response: inout HTTPResponse, _ version: String) {
        response.headers["facebook-api-version"] = answering(version)
        let warning: String
        if isExpired(version), upgradesExpired {
            warning = "The call has been auto-upgraded to \(current) as \(version) has been deprecated"
        } else if let next = warned[version] ?? warned[Self.others], next != version {
            warning = "The call has been auto-upgraded to \(next) as \(version) will be deprecated"
        } else {
            return
        }
        response.headers["x-ad-api-version-warning"] = warning
    }
}
