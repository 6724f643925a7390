import HTTPMessages

/// A request for the campaigns, ad sets or ads of an account, a campaign or an ad set.
struct EdgeQuery {
    /// What is listed.
    let level: Level
    let selection: Selection
    let filters: [Filter]
    /// From the `effective_status` parameter; nil when there was none.
    let statuses: [String]?
    /// Unix seconds; only ad sets and ads look at it.
    let updatedSince: Int?
    let limit: Int
    let after: String?
    let before: String?
    let wantsTotal: Bool

    init(_ parameters: QueryParameters, _ level: Level, cap: Int) throws(GraphError) {
        self.level = level
        selection = try Selection(parameters["fields"], of: level)
        filters = try Filter.list(parameters["filtering"], on: level, finest: level)
        statuses = try Self.statuses(parameters["effective_status"])
        updatedSince = level == .campaign ? nil : parameters["updated_since"].flatMap { Int($0) }
        limit = try parameters.limit(cap: cap)
        after = parameters["after"]
        before = parameters["before"]
        wantsTotal = Self.wantsTotal(parameters["summary"])
    }

    private static func statuses(_ text: String?) throws(GraphError) -> [String]? {
        guard let text, !text.isEmpty else { return nil }
        guard let elements = JSON(parsing: text.utf8)?.elements else {
            throw .parameter("param effective_status must be an array.")
        }
        let names = elements.map { $0.scalarText ?? "" }
        if let place = names.firstIndex(where: { Status(rawValue: $0) == nil }) {
            let known = Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw .parameter("Param effective_status[\(place)] must be one of {\(known)}")
        }
        return names
    }

    /// `total_count`, `true` and `["total_count"]` all do.
    private static func wantsTotal(_ text: String?) -> Bool {
        guard let text else { return false }
        return text == "true" || text == "1" || text.contains("total_count")
    }

    /// Archived and deleted objects come only to those who ask by status.
    var showsHidden: Bool { statuses != nil || filters.contains { $0.asksForStatus(of: level) } }
}

extension SimulatedAccount {
    /// One page, newest-created first.
    /// - Parameter parent: whose children are listed; the account itself for all.
    func page(_ query: EdgeQuery, of parent: ObjectPlace, now: Int) throws(GraphError) -> Page {
        let count = objects(query.level).count
        let isListed = { (index: Int) in
            guard ancestor(parent.level, of: index, query.level) == parent.index else { return false }
            return admits(query, index)
        }
        var indices: [Int] = []
        var hasNext = false
        var hasPrevious = false
        if let before = query.before {
            for index in stride(from: try place(before, query.level) + 1, to: count, by: 1) where isListed(index) {
                hasPrevious = indices.count == query.limit
                if hasPrevious { break }
                indices.insert(index, at: 0)
            }
            hasNext = true
        } else {
            let start = try query.after.map { cursor throws(GraphError) in try place(cursor, query.level) } ?? count
            for index in stride(from: start - 1, through: 0, by: -1) where isListed(index) {
                hasNext = indices.count == query.limit
                if hasNext { break }
                indices.append(index)
            }
            hasPrevious = query.after != nil
        }

        var page = Page(data: indices.map { node(query.level, $0, query.selection, now: now) })
        page.before = indices.first.map { Cursor.object(objects(query.level)[$0].id) }
        page.after = indices.last.map { Cursor.object(objects(query.level)[$0].id) }
        page.hasNext = hasNext
        page.hasPrevious = hasPrevious
        if query.wantsTotal {
            page.summary = ["total_count": .int((0..<count).count(where: isListed))]
        }
        return page
    }

    private func place(_ cursor: String, _ level: Level) throws(GraphError) -> Int {
        guard let id = Cursor.objectID(cursor), let index = index(of: id, level) else { throw .invalidCursor }
        return index
    }

    private func admits(_ query: EdgeQuery, _ index: Int) -> Bool {
        if let since = query.updatedSince, objects(query.level)[index].updated < since { return false }
        if let statuses = query.statuses {
            if !statuses.contains(effectiveStatus(query.level, index).rawValue) { return false }
        } else if !query.showsHidden, effectiveStatus(query.level, index).isHidden {
            return false
        }
        return query.filters.allSatisfy { $0.admits(ancestor($0.level, of: index, query.level), in: self) }
    }
}
