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
    /// The days that they are compared with: each row has their sums, too.
    package var comparedDays: DayRange?
    package var statuses = Statuses.current
    package var campaignID: String?
    package var adSetID: String?
    /// A part of the name, in capitals or not, or the beginning of the id.
    package var search: String?
    /// What all rows have to meet, those of the totals included.
    package var rowConditions: [Condition] = []
    /// The answer has the sums of all rows beside it.
    package var hasTotals = false
    package var order = Order.newestFirst
    package var limit: Int?
    package var after: Position?

    package var conversionEvent: ConversionEvent?

    package init(_ table: AnswerTable) {
        self.table = table
    }

    package var columns: [AnswerColumn] {
        guard let fields else { return table.columns.map(counting) }
        return fields.compactMap(column)
    }

    /// The column of this name; `nil` if the table cannot have it.
    func column(_ name: String) -> AnswerColumn? {
        if let id = CustomConversion.id(inField: name) { return .custom(id, named: name) }
        return table.available.first { $0.name == name }.map(counting)
    }

    /// The column in an account with this event.
    private func counting(_ column: AnswerColumn) -> AnswerColumn {
        guard conversionEvent != nil, let field = Field.named(column.name),
            field.metrics(counting: conversionEvent) != field.metrics
        else { return column }
        return AnswerColumn(field, of: table.level, counting: conversionEvent)
    }

    package var comparedColumns: [AnswerColumn] { comparedDays == nil ? [] : columns.filter(\.isMetric) }

    /// The metrics to add up: those of the columns, and of the requested days those of the order and the conditions. Spend
    /// goes with totals and costs.
    func metrics(_ period: Period) -> [Metric] {
        let needed = Set(summed(period).flatMap(\.metrics))
        return Metric.additive.filter { needed.contains($0) || $0 == .spend }
    }

    /// Whether the results by goal are added up, too.
    func hasResults(_ period: Period) -> Bool { summed(period).contains(where: \.hasResults) }

    /// The custom conversions to add up.
    func conversions(_ period: Period) -> [String] { Set(summed(period).flatMap(\.conversions)).sorted() }

    /// The counts of people among them.
    func people(_ period: Period) -> [Metric] {
        let needed = Set(summed(period).flatMap(\.people))
        return Metric.ofPeople.filter(needed.contains)
    }

    private func summed(_ period: Period) -> [AnswerColumn] {
        let others = period == .compared ? [] : Set([order.column] + rowConditions.map(\.field))
        return columns + others.sorted().compactMap(column)
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
    /// The periods of days that are added up. The requested one has no days if the metrics are those of the objects.
    var periods: [(Period, DayRange?)] {
        [(.requested, days)] + (comparedDays.map { [(.compared, $0)] } ?? [])
    }

    package func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement {
        var values = Values()
        let account = values.add(account, "uuid")
        let order = OrderSQL(self)
        var source = table.source
        var sums: [DaySums] = []
        for case (let period, let days?) in periods { sums.append(DaySums(self, period, days, account, &values)) }
        for sum in sums { source += "\n\(sum.join)" }
        let search = Search(source, conditions(account, &values), statusCondition(&values), order)
        var head = AnswerHead.SQL(days: days, totalsOf: table.level)
        for case (let period, let days?) in periods {
            head.held.append((period, Coverage.ofAds(account, days, &values)))
        }
        head.tables = sums.flatMap(\.tables)
        if periods.contains(where: { hasResults($0.0) }) { head.tables.insert(ResultWords.definition, at: 0) }
        // A page of rows whose order has to be computed: all rows are found first, with little of them, then those of the page.
        let isFoundFirst = days != nil && limit != nil
        if isFoundFirst || hasTotals { head.tables.append("found AS (\(search.found(self)))") }
        if hasTotals {
            head.totals = AnswerHead.SQL.Totals(
                source: TotalsSQL(self).source(of: "found"),
                accountSpend: Coverage.spendOfAccount(account, isRanged: days != nil)
            )
        }
        let most = rows.map { "LIMIT \(values.add($0, "bigint"))" } ?? ""
        let matching =
            isFoundFirst
            ? search.ofPage(self, after, most, &values) : search.listed(after, &values).joined(separator: "\n  AND ")
        var query = Query(
            raw: answer(
                of: account,
                head,
                RowsSQL(
                    values: layout.columns.map(value) + comparedColumns.map { $0.comparedSum?.row ?? "NULL" },
                    position: limit.map { _ in (order.value, "t.\(table.key)") },
                    source: """
                        FROM \(source)
                        WHERE \(matching)
                        ORDER BY \(order.clause)
                        \(most)
                        """
                )
            ),
            values.all
        )
        query.isOneOff = self != TableQuestion(table)
        if days != nil { query.joinBySets() }
        return AnswerStatement(query: query)
    }

    /// SQL of a row's value: stored with the object, or made of the sums of the days.
    func value(_ column: AnswerColumn) -> String {
        days == nil ? column.sql : column.sum?.row ?? column.ofDays ?? column.sql
    }

    func conditions(_ account: String, _ values: inout Values) -> [String] {
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
        for condition in rowConditions {
            guard let column = column(condition.field) else { continue }
            let sql = ConditionSQL(account: account, value: comparable(column, account), kind: column.kind)
            conditions.append(sql.condition(condition, &values))
        }
        return conditions
    }

    /// SQL of what a condition compares. The days are not columns of the rows, but members of the head.
    private func comparable(_ column: AnswerColumn, _ account: String) -> String {
        let head = AnswerHead.SQL(days: days, totalsOf: table.level)
        let day = { (sql: String) in "(SELECT (\(sql))::date FROM ad_accounts a \(head.joins) WHERE a.id = \(account))"
        }
        return switch column.kind {
        case .firstDay: day(head.since)
        case .lastDay: day(head.until)
        case .text, .number, .json, .timestamp, .ids: value(column)
        }
    }

    func statusCondition(_ values: inout Values) -> String? {
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
}

/// Which rows a question finds, and in which order.
private struct Search {
    /// The table `t` and what is joined to it.
    private let source: String
    /// What all rows have to meet, those that the default filter hides included.
    private let matching: [String]
    /// The filter by status.
    private let status: String?
    private let order: OrderSQL

    init(_ source: String, _ matching: [String], _ status: String?, _ order: OrderSQL) {
        self.source = source
        self.matching = matching
        self.status = status
        self.order = order
    }

    /// Conditions of the rows after a position.
    func listed(_ after: Position?, _ values: inout Values) -> [String] {
        matching + [status, order.condition(after: after, &values)].compactMap(\.self)
    }

    /// A SELECT of all rows, with what totals and pages need of them.
    func found(_ question: TableQuestion) -> String {
        // Only what the default filter leaves out is hidden; any other filter is somebody's choice.
        let hides = question.statuses == .current && question.hasTotals
        let conditions = hides ? matching : matching + [status].compactMap(\.self)
        let values = question.hasTotals ? TotalsSQL(question).values : []
        return """
            SELECT \(values.map { $0 + "," }.joined(separator: " "))
                   \(hides ? status ?? "true" : "true") AS is_listed, t.\(question.table.key) AS id, \(order.value) AS place
            FROM \(source)
            WHERE \(conditions.joined(separator: "\n  AND "))
            """
    }

    /// The condition of the rows of a page, among those that were found.
    func ofPage(_ question: TableQuestion, _ after: Position?, _ most: String, _ values: inout Values) -> String {
        let order = order.found(value: "f.place", id: "f.id")
        let conditions = ["f.is_listed"] + [order.condition(after: after, &values)].compactMap(\.self)
        return """
            t.\(question.table.key) = ANY (ARRAY(
                SELECT f.id FROM found f WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order.clause) \(most)))
            """
    }
}
