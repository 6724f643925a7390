internal import HTTPMessages
package import Model

/// A list of the Graph API: its path and its parameters.
package struct GraphList: Sendable {
    let path: String
    /// One row, for people: `campaign`.
    let noun: String
    let kind: CallKind
    /// Without any of the first `needed` a row is of no use.
    let fields: [String]
    let needed: Int
    let parameters: [QueryParameters.Item]
    /// Whether to request the number of rows.
    let asksForTotal: Bool

    /// A field without its parameters in braces.
    static func name(of field: String) -> String { String(field.prefix { $0 != "{" }) }

    /// The names by which Facebook may refuse a field: its own, and those in its braces, except an `id`, which every
    /// object has.
    static func members(of field: String) -> Set<String> {
        let names = field.split { "{,}".contains($0) }.map(String.init)
        return Set(names.prefix(1) + names.dropFirst().filter { $0 != "id" })
    }

    var neededFields: [String] { Array(fields.prefix(needed)) }

    /// Requested fields that are optional.
    func optionalFields(without refused: Set<String>) -> [String] {
        fields.dropFirst(needed).filter { !refused.contains(Self.name(of: $0)) }
    }

    /// - Parameter isCounted: whether Facebook has counted the rows already: the first page asks, and the others only if
    ///   the count has not come.
    func query(_ position: ListPosition, isCounted: Bool = true) -> QueryParameters {
        var query = QueryParameters()
        let asked = fields.filter { !position.refusedFields.contains(Self.name(of: $0)) }
        // The rows of a report have the fields with which it was ordered.
        if !asked.isEmpty { query.append("fields", asked.joined(separator: ",")) }
        query.items += parameters
        query.append("limit", String(position.pageSize))
        if let cursor = position.cursor { query.append("after", cursor) }
        if asksForTotal, position.cursor == nil || !isCounted { query.append("summary", "total_count") }
        return query
    }
}

/// The objects that are listed: these themselves, or the children of these.
package struct ParentFilter: Sendable, Equatable {
    package var level: Level
    /// Facebook's ids.
    package var ids: [String]

    package init(level: Level, ids: [String]) {
        self.level = level
        self.ids = ids
    }
}

/// The position in a list, and the form of its requests.
package struct ListPosition: Sendable, Equatable {
    /// Rows on a page.
    package var pageSize: Int
    /// Names of fields that Facebook refused.
    package var refusedFields: Set<String>
    /// The cursor of the next page; `nil` at the start.
    package var cursor: String?
    /// Rows that an earlier run has read before this position, and the number that Facebook counted then.
    package var rowsBefore = 0
    package var totalBefore: Int?

    package init(pageSize: Int, refusedFields: Set<String> = [], cursor: String? = nil) {
        self.pageSize = pageSize
        self.refusedFields = refusedFields
        self.cursor = cursor
    }
}

/// One page of a list.
package struct ListPage<Value> {
    package let values: [Value]
    /// Damaged values and rows.
    package let defects: [Defect]
    /// Rows that are not among the values because they cannot be used, except for those of earlier pages.
    package let leftOut: Int
    /// Number of rows of the whole list, if Facebook returns it with the first page.
    package let total: Int?
    /// When Facebook made it, by its own clock; `nil` when it does not say.
    package let date: Timestamp?
    /// Where the next page is.
    package let next: ListPosition
    package let isLast: Bool
    /// Whether some rows have been on a page before, and may read otherwise now.
    package let repeatsRows: Bool
    /// With the last page: rows that Facebook counts and does not list.
    package let shortfall: Int
    /// With the last page: Facebook did not say that it is the last, and has counted no rows.
    package let endsInDoubt: Bool
}

extension GraphList {
    /// The condition for objects of every status: without it Facebook leaves out archived and deleted ones, and children
    /// no longer add up to their parents.
    static func anyStatus(_ level: Level) -> String {
        let statuses = allStatuses.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"field":"\#(level.rawValue).effective_status","operator":"IN","value":[\#(statuses)]}"#
    }

    /// `effective_status` of campaigns, ad sets and ads; each edge accepts all of them (facebook-business 23.0.3).
    private static let allStatuses = [
        "ACTIVE", "PAUSED", "DELETED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED", "PENDING_BILLING_INFO",
        "CAMPAIGN_PAUSED", "ARCHIVED", "ADSET_PAUSED", "IN_PROCESS", "WITH_ISSUES",
    ]
}

extension Level {
    /// One object, for people.
    var noun: String {
        switch self {
        case .campaign: "campaign"
        case .adSet: "ad set"
        case .ad: "ad"
        }
    }
}
