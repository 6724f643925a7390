/// The tables that were read last, so that paging through one is not making it again for each page.
struct InsightsTables {
    private var recent: [(key: String, table: InsightsTable)] = []
    private static let most = 8

    /// - Parameter key: must differ when anything that the rows are made of does.
    mutating func table(_ key: String, make: () -> InsightsTable) -> InsightsTable {
        let table: InsightsTable
        if let place = recent.firstIndex(where: { $0.key == key }) {
            table = recent.remove(at: place).table
        } else {
            if recent.count == Self.most { recent.removeFirst() }
            table = make()
        }
        recent.append((key, table))
        return table
    }
}

extension GraphSimulator {
    /// The rows as they are now.
    func table(_ query: InsightsQuery, of node: ObjectPlace, _ clock: DeliveryClock) -> InsightsTable {
        let account = world.accounts[node.account]
        let key = "\(account.revision) \(clock.today) \(clock.share) \(node) \(query.identity)"
        return tables.table(key) { InsightsTable(query, of: node, in: account, clock) }
    }

    /// The rows as they were when the report was done.
    func table(_ report: Report, _ result: Report.Result) -> InsightsTable {
        tables.table("report \(report.id)") {
            InsightsTable(report.query, of: report.place, in: result.account, result.clock)
        }
    }
}
