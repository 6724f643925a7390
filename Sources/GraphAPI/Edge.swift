internal import HTTPMessages
internal import Model

/// A list of objects: where it is, and what is asked of it.
struct Edge {
    let path: String
    let pageSize: Int
    var parameters = QueryParameters()
    /// Whether the first page also counts the objects.
    var asksForTotal = true

    /// - Parameter level: asks for objects of every status. Without that Facebook leaves out archived and deleted
    ///   ones, and children no longer add up to their parents.
    init(_ path: String, fields: String, pageSize: Int, _ level: Level? = nil) {
        self.path = path
        self.pageSize = pageSize
        parameters.append("fields", fields)
        if let level {
            let statuses = Self.allStatuses.map { "\"\($0)\"" }.joined(separator: ",")
            parameters.append(
                "filtering",
                #"[{"field":"\#(level.rawValue).effective_status","operator":"IN","value":[\#(statuses)]}]"#
            )
        } else {
            asksForTotal = false
        }
    }

    func query(_ pageSize: Int, after cursor: String?) -> QueryParameters {
        var query = parameters
        query.append("limit", String(pageSize))
        if let cursor {
            query.append("after", cursor)
        } else if asksForTotal {
            query.append("summary", "total_count")
        }
        return query
    }

    /// `effective_status` of campaigns, ad sets and ads; each edge accepts all of them (facebook-business 23.0.3).
    private static let allStatuses = [
        "ACTIVE", "PAUSED", "DELETED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
        "CAMPAIGN_PAUSED", "ARCHIVED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
    ]
}
