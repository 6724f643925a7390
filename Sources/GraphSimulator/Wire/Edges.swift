import HTTPMessages

/// A request for the campaigns, ad sets or ads of an account, a campaign or an ad set.
struct EdgeQuery {
    /// What is listed.
    let level: Level
    let selection: Selection
    let filters: [Filter]
    /// From the `effective_status` parameter; nil when there was none.
    let statuses: StatusSet?
    /// Unix seconds; only ad sets and ads look at it.
    let updatedSince: Int?
    let after: String?
    let before: String?
    let wantsTotal: Bool
    /// Distinguishes questions whose answers contain different objects.
    let identity: String

    init(_ parameters: QueryParameters, _ level: Level) throws(GraphError) {
        self.level = level
        selection = try Selection(parameters["fields"], of: level)
        filters = try Filter.list(parameters["filtering"], on: level, finest: level)
        statuses = try Self.statuses(parameters["effective_status"])
        updatedSince = level == .campaign ? nil : parameters["updated_since"].flatMap { Int($0) }
        after = parameters["after"]
        before = parameters["before"]
        wantsTotal = Self.wantsTotal(parameters["summary"])
        let names = ["filtering", "effective_status", "updated_since"]
        identity = "\(level.name) " + names.map { parameters[$0] ?? "" }.joined(separator: " ")
    }

    private static func statuses(_ text: String?) throws(GraphError) -> StatusSet? {
        guard let text, !text.isEmpty else { return nil }
        guard let elements = JSON(parsing: text.utf8)?.elements else {
            throw .parameter("param effective_status must be an array.")
        }
        let names = elements.map { $0.scalarText ?? "" }
        if let place = names.firstIndex(where: { Status(rawValue: $0) == nil }) {
            let known = Status.allCases.map(\.rawValue).joined(separator: ", ")
            throw .parameter("Param effective_status[\(place)] must be one of {\(known)}")
        }
        return StatusSet(names)
    }

    /// `total_count`, `true` and `["total_count"]` all do.
    static func wantsTotal(_ text: String?) -> Bool {
        guard let text else { return false }
        return text == "true" || text == "1" || text.contains("total_count")
    }

    /// Archived and deleted objects come only to those who ask by status.
    var showsHidden: Bool { statuses != nil || filters.contains { $0.asksForStatus(of: level) } }
}

extension SimulatedAccount {
    /// One page, newest-created first.
    /// - Parameters:
    ///   - parent: whose children are listed; the account itself for all.
    ///   - floor: the lowest index that is listed.
    func page(_ query: EdgeQuery, of parent: ObjectPlace, limit: Int, floor: Int, now: Int) throws(GraphError) -> Page {
        let count = objects(query.level).count
        var indices: [Int] = []
        var hasNext = false
        var hasPrevious = false
        if let before = query.before {
            for index in stride(from: try place(before, query.level) + 1, to: count, by: 1)
            where isListed(index, query, of: parent) {
                hasPrevious = indices.count == limit
                if hasPrevious { break }
                indices.append(index)
            }
            indices.reverse()
            hasNext = true
        } else {
            let start = try query.after.map { cursor throws(GraphError) in try place(cursor, query.level) } ?? count
            for index in stride(from: start - 1, through: floor, by: -1) where isListed(index, query, of: parent) {
                hasNext = indices.count == limit
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
        return page
    }

    /// All that an edge lists, newest first.
    func listed(_ query: EdgeQuery, of parent: ObjectPlace, floor: Int = 0) -> [Int] {
        stride(from: objects(query.level).count - 1, through: floor, by: -1).filter { isListed($0, query, of: parent) }
    }

    private func isListed(_ index: Int, _ query: EdgeQuery, of parent: ObjectPlace) -> Bool {
        ancestor(parent.level, of: index, query.level) == parent.index
            && objects(query.level)[index].presence == .listed && admits(query, index)
    }

    private func place(_ cursor: String, _ level: Level) throws(GraphError) -> Int {
        guard let id = Cursor.objectID(cursor), let index = index(of: id, level) else { throw .invalidCursor }
        return index
    }

    private func admits(_ query: EdgeQuery, _ index: Int) -> Bool {
        if let since = query.updatedSince, objects(query.level)[index].updated < since { return false }
        if let statuses = query.statuses {
            if !statuses.contains(effectiveStatus(query.level, index)) { return false }
        } else if !query.showsHidden, effectiveStatus(query.level, index).isHidden {
            return false
        }
        return query.filters.allSatisfy { $0.admits(ancestor($0.level, of: index, query.level), in: self) }
    }
}
