internal import Model
internal import Postgres

/// The statement of an answer, and the place of each thing in its result. No other file knows these places.
///
/// One result has both the head and the rows, so that they are of one snapshot without the round trips of a transaction:
///
/// | column | first row | other rows |
/// |---|---|---|
/// | first | the parts of the head, joined by `\|` | NULL |
/// | one for each column of the question | its total over all rows | its value |
/// | one for each compared column | its total over the compared days | its value on them |
/// | the last two | NULL | value and id of the row's `Position` |
struct AnswerLayout {
    /// The columns of the rows. Those of the days are the same in each row, so the head has them.
    let columns: [AnswerColumn]
    /// Days to compare with, and the columns that rows also have of them.
    let compared: (days: DayRange, columns: [AnswerColumn])?

    /// A part of the head. Their order is that of the text.
    private enum Part: Int, CaseIterable {
        case version, since, until, hasSubject, conversionEvent
        case heldSince, heldUntil, wholeTo, isComplete
        case comparedHeldSince, comparedHeldUntil, comparedWholeTo, comparedIsComplete
        case hasTotals, hiddenRows, hiddenSpend, accountSpend
    }

    private static let head = 0
    static let firstValue = 1

    init(_ columns: [AnswerColumn], compared: (days: DayRange, columns: [AnswerColumn])?) {
        self.compared = compared
        self.columns = columns.filter { $0.kind != .firstDay && $0.kind != .lastDay }
    }
}

// MARK: Writing

extension AnswerLayout {
    /// - Parameters:
    ///   - account: The parameter with the account's id.
    ///   - version: SQL of the data version, about `ad_accounts a`.
    func statement(of account: String, version: String, _ head: AnswerHead.SQL, _ rows: RowsSQL) -> String {
        let parts = Part.allCases.map { sql($0, version, head) }.joined(separator: ", '|', ")
        let sums = columns.map(\.sum) + (compared?.columns ?? []).map(\.comparedSum)
        let totals = sums.map { head.totals == nil ? "NULL" : $0?.total ?? "NULL" }
        let position = rows.position.map { ["(\($0.value))::text", $0.id] } ?? ["NULL", "NULL"]
        let body = """
            SELECT \((["concat(\(parts))"] + totals + ["NULL", "NULL"]).joined(separator: ", "))
            FROM ad_accounts a \(head.joins) WHERE a.id = \(account)
            UNION ALL
            (SELECT \((["NULL"] + rows.values + position).joined(separator: ", "))
            \(rows.source))
            """
        let tables = head.held.map { period, sql in Coverage.tables(held: sql, period) } + head.tables
        return "\(tables.isEmpty ? "" : "WITH \(tables.joined(separator: ",\n"))")\n\(body)"
    }

    /// Nothing is written for NULL.
    private func sql(_ part: Part, _ version: String, _ head: AnswerHead.SQL) -> String {
        let spend = { (sum: String) in head.totals == nil ? "NULL" : "trim_scale(\(sum))" }
        let held = { (column: String, period: Period) in
            head.held.contains { $0.period == period } ? "\(period.heldDays).\(column)" : "NULL"
        }
        return switch part {
        case .version: version
        case .since: head.since
        case .until: head.until
        case .hasSubject: head.hasSubject
        case .conversionEvent: "a.conversion_event"
        case .heldSince: held("since", .requested)
        case .heldUntil: held("until", .requested)
        case .wholeTo: held("whole_to", .requested)
        case .isComplete: held("is_complete", .requested)
        case .comparedHeldSince: held("since", .compared)
        case .comparedHeldUntil: held("until", .compared)
        case .comparedWholeTo: held("whole_to", .compared)
        case .comparedIsComplete: held("is_complete", .compared)
        case .hasTotals: head.totals == nil ? "NULL" : "true"
        case .hiddenRows: head.totals == nil ? "NULL" : "s.hidden_rows"
        case .hiddenSpend: spend("s.hidden_spend")
        case .accountSpend: spend(head.totals?.accountSpend ?? "NULL")
        }
    }
}

// MARK: Reading

extension AnswerLayout {
    /// Reads the first row.
    /// - Returns: `nil` for a row of the question.
    func head(of row: borrowing Row) throws -> AnswerHead? {
        guard let text = row.optionalText(Self.head) else { return nil }
        let texts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard texts.count == Part.allCases.count, let version = DataVersion(texts[Part.version.rawValue]) else {
            throw PostgresError(code: .badValue, message: "the head of an answer cannot be read")
        }
        func part(_ part: Part) -> String? {
            let text = texts[part.rawValue]
            return text.isEmpty ? nil : String(text)
        }
        func range(_ since: Part, _ until: Part) -> DayRange? {
            guard let since = part(since).flatMap(Day.init), let until = part(until).flatMap(Day.init) else {
                return nil
            }
            return DayRange(since: since, until: until)
        }
        func coverage(_ since: Part, _ until: Part, _ wholeTo: Part, _ isComplete: Part) -> Coverage? {
            part(isComplete).map {
                Coverage(held: range(since, until), wholeTo: part(wholeTo).flatMap(Day.init), isComplete: $0 == "t")
            }
        }
        var totals: TableTotals?
        if part(.hasTotals) != nil {
            totals = TableTotals(
                metrics: metrics(columns, in: row, from: Self.firstValue),
                previous: compared.map { metrics($0.columns, in: row, from: firstCompared) },
                hiddenRows: part(.hiddenRows),
                hiddenSpend: part(.hiddenSpend),
                accountSpend: part(.accountSpend)
            )
        }
        return AnswerHead(
            version: version,
            days: range(.since, .until),
            hasSubject: part(.hasSubject) == "t",
            coverage: coverage(.heldSince, .heldUntil, .wholeTo, .isComplete),
            conversionEvent: part(.conversionEvent).flatMap { ConversionEvent($0) },
            compared: coverage(.comparedHeldSince, .comparedHeldUntil, .comparedWholeTo, .comparedIsComplete)
                .flatMap { coverage in compared.map { ComparedDays(days: $0.days, coverage: coverage) } },
            totals: totals
        )
    }

    private func metrics(
        _ columns: [AnswerColumn],
        in head: borrowing Row,
        from first: Int
    ) -> [TableTotals.Metric] {
        var metrics: [TableTotals.Metric] = []
        for (index, column) in columns.enumerated() where column.isMetric {
            let value = head.optionalText(first + index)
            metrics.append(TableTotals.Metric(name: column.name, value: value, isText: column.kind == .text))
        }
        return metrics
    }

    private var firstCompared: Int { Self.firstValue + columns.count }

    /// Where the rows after this one begin.
    func position(of row: borrowing Row) throws -> Position {
        let value = firstCompared + (compared?.columns.count ?? 0)
        return Position(value: row.optionalText(value), id: try row.text(value + 1))
    }
}

/// The SELECT of an answer's rows.
struct RowsSQL {
    /// A value for each of the layout's columns.
    let values: [String]
    /// Value and id of a row's `Position`; `nil` for an answer without pages.
    let position: (value: String, id: String)?
    /// `FROM` and what follows it.
    let source: String
}
