package import Model
internal import Postgres

/// The question of /api/changes: changes of an account's objects by people or Facebook, newest first.
package struct ChangesQuestion: Question {
    /// From when on.
    package enum Start: Sendable, Equatable {
        case moment(Timestamp)
        /// The beginning of a day in the account's time zone.
        case day(Day)
    }

    package var since: Start?
    package var limit: Int?
    package var after: Position?
    package var conversionEvent: ConversionEvent?

    package init() {}

    package var columns: [AnswerColumn] { Self.columns }

    package var counters: [AnswerKind] { [.changes] }

    package static let columns = [
        AnswerColumn("seen_at", .timestamp, "t.seen_at"),
        AnswerColumn("level", .text, "t.level"),
        AnswerColumn("id", .text, "t.facebook_object_id"),
        AnswerColumn("name", .text, "t.name"),
        AnswerColumn("field", .text, "t.field"),
        AnswerColumn("old", .text, "t.old_value", isNullable: true),
        AnswerColumn("new", .text, "t.new_value", isNullable: true),
    ]

    package func statement(of account: AdAccount.ID, rows: Int?) -> AnswerStatement {
        var values = Values()
        let account = values.add(account, "uuid")
        var conditions = ["t.ad_account_id = \(account)"]
        switch since {
        case .moment(let moment): conditions.append("t.seen_at >= \(values.add("\(moment)", "timestamptz"))")
        case .day(let day):
            let zone = "(SELECT time_zone FROM ad_accounts WHERE id = \(account))"
            conditions.append("t.seen_at >= \(values.add(day, "timestamp")) AT TIME ZONE \(zone)")
        case nil: break
        }
        if let after {
            let moment = values.add(after.value ?? "-infinity", "timestamptz")
            conditions.append("(t.seen_at, t.id) < (\(moment), \(values.add(after.id, "bigint")))")
        }
        var query = Query(
            raw: answer(
                of: account,
                AnswerHead.SQL(),
                RowsSQL(
                    values: layout.columns.map(\.sql),
                    position: ("t.seen_at", "t.id::text"),
                    source: """
                        FROM object_changes t
                        WHERE \(conditions.joined(separator: " AND "))
                        ORDER BY t.seen_at DESC, t.id DESC
                        \(rows.map { "LIMIT \(values.add($0, "bigint"))" } ?? "")
                        """
                )
            ),
            values.all
        )
        query.isOneOff = since != nil || after != nil
        return AnswerStatement(query: query)
    }
}
