internal import Model
internal import Postgres

// The columns of metrics. Each table that stores metrics has those of `Metric.all`, but for the days: those of an account have
// `Metric.ofAccountDays`, those of ads `Metric.ofAdDays`.

extension Metric {
    /// Its type in PostgreSQL.
    var type: String {
        resultPart == .mix || self == .customConversions ? "jsonb" : isText ? "text" : isWhole ? "bigint" : "numeric"
    }

    /// What an object without a row had, as SQL.
    var nothingSQL: String { self == .customConversions ? "'{}'::jsonb" : nothing == nil ? "NULL" : "0" }

    /// Reads a column.
    func value(_ row: borrowing Row, _ column: Int) -> Quantity? {
        row.optionalText(column).flatMap { Quantity($0, of: self) }
    }
}

extension [Metric] {
    /// `spent, impressions`, each after a table's name if there is one.
    func columns(_ table: String? = nil) -> String {
        map { "\(table.map { "\($0)." } ?? "")\($0.column)" }.joined(separator: ", ")
    }

    /// `(spent, impressions) IS DISTINCT FROM (0::numeric, 0::bigint)`: not known to be nothing.
    var mayBeSomething: String {
        "(\(columns())) IS DISTINCT FROM (\(map { "0::\($0.type)" }.joined(separator: ", ")))"
    }

    /// The texts to store, in the order of the columns.
    func texts(_ results: Results) -> [String?] { map { results[$0]?.description } }

    /// Reads the columns from one on.
    func results(_ row: borrowing Row, from start: Int) -> Results {
        var results = Results.unknown
        for (place, metric) in enumerated() { results[metric] = metric.value(row, start + place) }
        return results
    }
}
