package import Model
internal import Postgres

/// What one of the table routes is asked.
package struct TableQuestion: Question, Equatable {
    package enum Statuses: Sendable, Equatable {
        /// All that is neither deleted nor archived.
        case current
        case all
        case only([String])
    }

    package struct Order: Sendable, Equatable {
        /// The name of a column.
        package var column: String
        package var isDescending: Bool

        package init(_ column: String, isDescending: Bool) {
            self.column = column
            self.isDescending = isDescending
        }

        package static let newestFirst = Order("created_at", isDescending: true)
    }

    package let table: AnswerTable
    /// Names of the columns to answer with; `nil` for those of the table.
    package var fields: [String]?
    /// The days whose sums are the metrics; `nil` for the metrics stored with the objects.
    package var days: DayRange?
    package var statuses = Statuses.current
    package var campaignID: String?
    package var adSetID: String?
    /// A part of the name, in capitals or not, or the beginning of the id.
    package var search: String?
    /// The answer has the sums of all rows beside it.
    package var hasTotals = false
    package var order = Order.newestFirst
    package var limit: Int?
    package var after: Position?

    package init(_ table: AnswerTable) {
        self.table = table
    }

    package var columns: [AnswerColumn] {
        guard let fields else { return table.columns }
        return fields.compactMap { name in table.available.first { $0.name == name } }
    }

    /// The metrics to add up: those of the columns and of the order. Spend goes with totals and costs.
    var metrics: [Metric] {
        let needed = Set((columns + table.available.filter { $0.name == order.column }).flatMap(\.metrics))
        return Metric.additive.filter { needed.contains($0) || $0 == .spend }
    }

    package var counters: [AnswerKind] {
        var counters = [table.kind]
        // The ad sets say which campaign an ad set belongs to.
        if adSetID != nil, table == .campaigns { counters.append(.adSets) }
        // Totals stand beside what the account as a whole had.
        if days != nil || hasTotals { counters.append(.insights) }
        return counters
    }
}

extension TableQuestion {
    package func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement {
        var values = Values()
        let account = values.add(account, "uuid")
        let order = OrderSQL(self)
        let source = "\(table.source)\n\(sums(account, &values))"
        let matching = conditions(account, &values)
        let listed = statusCondition(&values)
        let conditions = matching + [listed, order.condition(after: after, &values)].compactMap(\.self)
        var head = AnswerHead.SQL(days: days, totalsOf: table.level)
        if let days { head.held = Coverage.ofAds(account, days, &values) }
        if hasTotals { head.totals = totals(account, source, matching, listed, &values) }
        var query = Query(
            raw: answer(
                of: account,
                head,
                RowsSQL(
                    values: layout.columns.map { days == nil ? $0.sql : $0.ranged ?? $0.sql },
                    position: limit.map { _ in (order.value, "t.\(table.key)") },
                    source: """
                        FROM \(source)
                        WHERE \(conditions.joined(separator: "\n  AND "))
                        ORDER BY \(order.clause)
                        \(rows.map { "LIMIT \(values.add($0, "bigint"))" } ?? "")
                        """
                )
            ),
            values.all
        )
        query.isOneOff = self != TableQuestion(table)
        if days != nil { query.joinBySets() }
        return AnswerStatement(query: query)
    }

    private func conditions(_ account: String, _ values: inout Values) -> [String] {
        var conditions = ["t.ad_account_id = \(account)"]
        if let campaignID { conditions.append("t.facebook_campaign_id = \(values.add(campaignID, "text"))") }
        if let adSetID {
            conditions.append(table.adSetCondition.replacing("?", with: values.add(adSetID, "text")))
        }
        if let search {
            let text = values.add(search, "text")
            conditions.append(
                """
                (position(\(FoldedText.sql(text)) IN \(FoldedText.sql("t.name"))) > 0
                  OR starts_with(t.\(table.key), \(text)))
                """
            )
        }
        return conditions
    }

    private func statusCondition(_ values: inout Values) -> String? {
        switch statuses {
        case .all:
            return nil
        case .current:
            return """
                t.status NOT IN ('DELETED', 'ARCHIVED') AND t.effective_status NOT IN ('DELETED', 'ARCHIVED')
                """
        case .only(let words):
            // What is deleted or archived with its campaign counts as that; else what its owner has set counts, and words
            // that only Facebook sets are looked for where it sets them.
            let list = values.add(TextArray(words), "text[]")
            return """
                (CASE WHEN t.effective_status IN ('DELETED', 'ARCHIVED') THEN t.effective_status ELSE t.status END
                     = ANY (\(list))
                  OR t.effective_status = ANY (\(list)) AND t.effective_status NOT IN ('ACTIVE', 'PAUSED'))
                """
        }
    }

    private func totals(
        _ account: String,
        _ source: String,
        _ matching: [String],
        _ listed: String?,
        _ values: inout Values
    ) -> AnswerHead.SQL.Totals {
        // Only what the default filter leaves out is hidden; any other filter is somebody's choice.
        let hides = statuses == .current
        return AnswerHead.SQL.Totals(
            source: TableTotals.source(
                self,
                from: source,
                listed: hides ? listed ?? "true" : "true",
                where: hides ? matching : matching + [listed].compactMap(\.self)
            ),
            accountSpend: Coverage.spendOfAccount(account, isRanged: days != nil)
        )
    }

    /// The sums of the days asked for, as `m`.
    private func sums(_ account: String, _ values: inout Values) -> String {
        guard let days else { return "" }
        let since = values.add(days.since, "date")
        let until = values.add(days.until, "date")
        var conditions = ["d.ad_account_id = \(account)", "d.day BETWEEN \(since) AND \(until)"]
        if let campaignID { conditions.append("d.facebook_campaign_id = \(values.add(campaignID, "text"))") }
        if let adSetID, table != .campaigns {
            conditions.append("d.facebook_ad_set_id = \(values.add(adSetID, "text"))")
        }
        let rows = "insights_daily d WHERE \(conditions.joined(separator: " AND "))"
        // A sum is unknown when its campaign is missing on a day, or when it has no row on a day that lacks rows. An ad has
        // one row for a day; a campaign or an ad set may lack some of its rows.
        let hasAllParts = table.level == .ad ? "" : " AND NOT (SELECT lacks_parts FROM held_days)"
        let isKnown =
            "s.is_known AND coalesce(l.days, 0) = cardinality((SELECT lacking FROM held_days))\(hasAllParts)"
        let known = metrics.map { "CASE WHEN \(isKnown) THEN s.\($0.column) END AS \($0.column)" }.joined(
            separator: ", "
        )
        return """
            LEFT JOIN (
                SELECT s.id, \(known)
                FROM (
                    SELECT d.\(table.key) AS id, \(StrictSum.of(metrics, "d")),
                           NOT bool_or(d.facebook_campaign_id = ANY ((SELECT missing FROM held_days)::text[])) AS is_known
                    FROM \(rows) GROUP BY 1
                ) s
                LEFT JOIN (
                    SELECT d.\(table.key) AS id, count(DISTINCT d.day) AS days
                    FROM \(rows) AND d.day = ANY ((SELECT lacking FROM held_days)::date[]) GROUP BY 1
                ) l ON l.id = s.id
            ) m ON m.id = t.\(table.key)
            CROSS JOIN held_days
            """
    }
}

/// How the rows are put in order: by a value, and rows of the same value by id.
///
/// A cost is infinite when money was spent without a result. Without spend, or when a part of it is unknown, there is no
/// cost, and the row comes last.
private struct OrderSQL {
    /// Of which PostgreSQL type its text is.
    private let type: String
    let value: String
    private let id: String
    private let isDescending: Bool
    /// As the indexes of the newest have it. Everywhere else rows without a value come last.
    private let hasNullsFirst: Bool

    init(_ question: TableQuestion) {
        let column = question.table.available.first { $0.name == question.order.column }
        let sql = column.map { question.days == nil ? $0.sql : $0.ranged ?? $0.sql } ?? "NULL::text"
        switch column?.kind {
        case .number:
            type = "numeric"
            value = column.flatMap { Self.cost($0, sql, isRanged: question.days != nil) } ?? sql
        case .timestamp:
            type = "timestamptz"
            value = sql
        default:
            type = "text"
            // Names as people sort them; ids and words as they are.
            let isName = column?.name.hasSuffix("name") ?? false
            value = isName ? "\(FoldedText.sql(sql)) COLLATE \"C\"" : "\(sql) COLLATE \"C\""
        }
        id = "t.\(question.table.key)"
        isDescending = question.order.isDescending
        hasNullsFirst = question.order == .newestFirst
    }

    /// - Returns: `nil` for a column that is no cost.
    private static func cost(_ column: AnswerColumn, _ sql: String, isRanged: Bool) -> String? {
        guard let divisor = column.costDivisor else { return nil }
        let source = isRanged ? "m" : "t"
        return """
            CASE WHEN \(source).\(divisor.column) = 0 AND \(source).\(Metric.spend.column) > 0 THEN 'Infinity'::numeric ELSE \(sql) END
            """
    }

    var clause: String {
        let direction = isDescending ? "DESC" : "ASC"
        return "\(value) \(direction) NULLS \(hasNullsFirst ? "FIRST" : "LAST"), \(id) \(direction)"
    }

    /// Which rows come after the position.
    func condition(after position: Position?, _ values: inout Values) -> String? {
        guard let position else { return nil }
        let follows = isDescending ? "<" : ">"
        let last = values.add(position.id, "text")
        guard let text = position.value else {
            let among = "\(value) IS NULL AND \(id) \(follows) \(last)"
            return hasNullsFirst ? "(\(among) OR \(value) IS NOT NULL)" : "(\(among))"
        }
        let behind = "(\(value), \(id)) \(follows) (\(values.add(text, type)), \(last))"
        return hasNullsFirst ? behind : "(\(behind) OR \(value) IS NULL)"
    }
}

/// Text without regard to capitals, whatever the database's own locale is: many are made with C, which knows ASCII alone.
enum FoldedText {
    static func sql(_ text: String) -> String { "lower(\(text) COLLATE \"und-x-icu\")" }
}

/// The parameters of a statement that is put together piece by piece.
struct Values {
    private(set) var all: [(any QueryValue)?] = []

    /// - Returns: what stands for the value in the statement.
    mutating func add(_ value: (some QueryValue)?, _ type: String) -> String {
        all.append(value)
        return "$\(all.count)::\(type)"
    }
}
