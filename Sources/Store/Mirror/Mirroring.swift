internal import Model

/// How a staging table becomes rows of a mirrored one.
struct Mirror {
    struct Column {
        let name: String
        let staged: String
        /// The Graph field that it comes from: one that Facebook refused leaves the column as it is.
        let field: String
        /// The value in a new row if Facebook returned none.
        var standard = "NULL"
        /// Whether there is no new row without it.
        var isNeeded = false
        /// Under which name `object_changes` keeps its changes.
        var change: String?
        var isTimestamp = false

        /// A value of it as text, as the API writes it.
        func text(_ value: String) -> String {
            isTimestamp
                ? "to_char(\(value) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')" : "\(value)::text"
        }
    }

    let table: String
    let key: String
    let staging: String
    let level: Level
    /// All but the key.
    let columns: [Column]
    /// Ratios that the table computes and stores itself (migration 2).
    let ratios: Set<String>

    static func of(_ level: Level) -> Mirror {
        switch level {
        case .campaign: campaigns
        case .adSet: adSets
        case .ad: ads
        }
    }

    private static let campaigns = Mirror(
        table: "campaigns",
        key: "facebook_campaign_id",
        staging: "staged_campaigns",
        level: .campaign,
        columns: [Column(name: "objective", staged: "objective", field: "objective")]
            + common + budgets + [bidStrategy, startsAt, endsAt(field: "stop_time"), issues, budgetRemaining],
        ratios: ["ctr", "cpc", "cpm", "cost_per_conversion"]
    )
    private static let adSets = Mirror(
        table: "ad_groups",
        key: "facebook_ad_set_id",
        staging: "staged_ad_sets",
        level: .adSet,
        columns: [
            Column(name: "facebook_campaign_id", staged: "campaign_id", field: "campaign_id", isNeeded: true),
            Column(name: "optimization_goal", staged: "optimization_goal", field: "optimization_goal"),
        ] + common + budgets + [
            bidStrategy, Column(name: "bid_amount", staged: "bid_amount", field: "bid_amount", change: "bid_amount"),
            startsAt, endsAt(field: "end_time"), issues, budgetRemaining,
            Column(name: "learning", staged: "learning", field: "learning_stage_info"),
        ],
        ratios: ["ctr", "cpc", "cpm"]
    )
    private static let ads = Mirror(
        table: "creatives",
        key: "facebook_ad_id",
        staging: "staged_ads",
        level: .ad,
        columns: [
            Column(name: "facebook_ad_set_id", staged: "ad_set_id", field: "adset_id", isNeeded: true),
            Column(name: "facebook_campaign_id", staged: "campaign_id", field: "campaign_id", isNeeded: true),
            Column(name: "format", staged: "format", field: "creative"), issues,
            Column(name: "review_feedback", staged: "review_feedback", field: "ad_review_feedback"),
            Column(name: "facebook_creative_id", staged: "creative_id", field: "creative"),
        ] + common,
        ratios: ["ctr", "roas"]
    )

    private static let common = [
        Column(name: "name", staged: "name", field: "name", standard: "''", change: "name"),
        Column(name: "status", staged: "status", field: "status", standard: "'UNKNOWN'", change: "status"),
        Column(
            name: "effective_status",
            staged: "effective_status",
            field: "effective_status",
            standard: "'UNKNOWN'"
        ),
        Column(name: "created_at", staged: "created_at", field: "created_time"),
        Column(name: "updated_at", staged: "updated_at", field: "updated_time"),
    ]
    private static let budgets = [
        Column(name: "daily_budget", staged: "daily_budget", field: "daily_budget", change: "daily_budget"),
        Column(name: "lifetime_budget", staged: "lifetime_budget", field: "lifetime_budget", change: "lifetime_budget"),
    ]
    private static let issues = Column(name: "issues", staged: "issues", field: "issues_info")
    private static let budgetRemaining = Column(
        name: "budget_remaining",
        staged: "budget_remaining",
        field: "budget_remaining"
    )
    private static let bidStrategy = Column(
        name: "bid_strategy",
        staged: "bid_strategy",
        field: "bid_strategy",
        change: "bid_strategy"
    )
    private static let startsAt = Column(
        name: "starts_at",
        staged: "starts_at",
        field: "start_time",
        change: "start_time",
        isTimestamp: true
    )
    private static func endsAt(field: String) -> Column {
        Column(name: "ends_at", staged: "ends_at", field: field, change: "end_time", isTimestamp: true)
    }
}

extension Mirror {
    /// One statement that inserts what is new, rewrites what differs, and keeps the changes that people look for.
    ///
    /// `$1` is the account, `$2` the campaigns whose objects have no totals because Facebook did not return them, and `$3`
    /// says whether the level has all its totals. It answers with the number of rows that are new or differ.
    /// - Parameters:
    ///   - objects: whether objects were read, all or some of them.
    ///   - metrics: whether totals were read.
    ///   - keepsMetrics: whether an object keeps the metrics that it has when the totals lack rows and it has none.
    ///   - refused: names of Graph fields of the objects that Facebook refused. Metrics that it refused are NULL.
    func statement(objects: Bool, metrics: Bool, keepsMetrics: Bool, refused: Set<String>) -> String {
        let values =
            columns.map { column in
                // Some of the rows may have come before a field was refused.
                let kept = "coalesce(t.\(column.name), s.\(column.staged), \(column.standard))"
                let taken = refused.contains(column.field) ? kept : "s.\(column.staged)"
                // What cannot be read stays as it was.
                let isKept = "s.id IS NULL OR '\(column.field)' = ANY (g.unknown)"
                return (column.name, objects ? "CASE WHEN \(isKept) THEN t.\(column.name) ELSE \(taken) END" : kept)
            }
            + Metric.all.map { metric in
                let kept = "t.\(metric.column)"
                let rest = keepsMetrics ? kept : "NULL"
                let nothing = metric.field.isSetting ? kept : metric.nothingSQL
                let taken = known("m", metric, campaign: "t.facebook_campaign_id", nothing: nothing, otherwise: rest)
                return (metric.column, metrics ? taken : kept)
            }
        let newValues =
            columns.map { column in
                refused.contains(column.field)
                    ? "coalesce(s.\(column.staged), \(column.standard))" : "s.\(column.staged)"
            }
            + Metric.all.map { metric in
                // Without a reading, what came before the object did.
                known(
                    "m",
                    metric,
                    campaign: "s.\(level == .campaign ? "id" : "campaign_id")",
                    nothing: metric.nothingSQL
                )
            }
        let needed = columns.filter(\.isNeeded).map { " AND s.\($0.staged) IS NOT NULL" }.joined()
        let names = values.map(\.0)
        let list = { (prefix: String) in names.map { "\(prefix)\($0)" }.joined(separator: ", ") }
        let changes = columns.compactMap { column in
            column.change.map {
                "('\($0)', \(column.text("d.old_\(column.name)")), \(column.text("d.\(column.name)")))"
            }
        }
        return """
            WITH object AS MATERIALIZED (
                -- An object may stand on two pages when others were added between them: the newer one counts.
                SELECT DISTINCT ON (id) * FROM \(staging) WHERE \(objects ? "ad_account_id = $1::uuid" : "false")
                ORDER BY id, updated_at DESC NULLS LAST
            ), gap AS MATERIALIZED (
                SELECT DISTINCT ON (id) id, unknown FROM staged_gaps
                WHERE \(objects ? "ad_account_id = $1::uuid AND list = '\(SyncList.objects(level).rawValue)'" : "false")
                ORDER BY id, cardinality(unknown) DESC
            ), metric AS MATERIALIZED (
                SELECT DISTINCT ON (id) * FROM \(metrics ? "staged_totals" : "early_totals")
                WHERE ad_account_id = $1::uuid AND level = '\(level.rawValue)'
                ORDER BY id, impressions DESC NULLS LAST
            ), mine AS (
                SELECT * FROM \(table) WHERE ad_account_id = $1::uuid
            ), differing AS MATERIALIZED (
                SELECT n.*, \(columns.filter { $0.change != nil }.map { "n.t_\($0.name) AS old_\($0.name)" }
                    .joined(separator: ", "))
                FROM (
                    SELECT t.\(key) AS key, t.missing_since IS NOT NULL AS was_missing, s.id IS NOT NULL AS is_listed,
                           \(values.map { "\($0.1) AS \($0.0)" }.joined(separator: ", ")),
                           \(names.map { "t.\($0) AS t_\($0)" }.joined(separator: ", "))
                    FROM mine t LEFT JOIN object s ON s.id = t.\(key) LEFT JOIN gap g ON g.id = t.\(key)
                        LEFT JOIN metric m ON m.id = t.\(key)
                ) n
                WHERE (n.was_missing AND n.is_listed)
                    OR (\(list("n."))) IS DISTINCT FROM (\(list("n.t_")))
            ), noted AS (
                INSERT INTO object_changes (ad_account_id, level, facebook_object_id, name, field, old_value, new_value)
                SELECT $1::uuid, '\(level.rawValue)', d.key, d.name, c.field, c.old_value, c.new_value
                FROM differing d CROSS JOIN LATERAL (
                    VALUES \(changes.joined(separator: ", "))
                ) AS c (field, old_value, new_value)
                WHERE c.old_value IS DISTINCT FROM c.new_value
            ), inserted AS (
                -- An id that another account has stays there.
                INSERT INTO \(table) (\(key), ad_account_id, last_synced_at, \(list("")))
                SELECT s.id, $1::uuid, now(), \(newValues.joined(separator: ", "))
                FROM object s LEFT JOIN metric m ON m.id = s.id
                WHERE NOT EXISTS (SELECT FROM mine t WHERE t.\(key) = s.id)\(needed)
                ON CONFLICT (\(key)) DO NOTHING
                RETURNING 1
            ), updated AS (
                UPDATE \(table) t SET last_synced_at = now(),
                    missing_since = CASE WHEN d.is_listed THEN NULL ELSE t.missing_since END,
                    gone_at = CASE WHEN d.is_listed THEN NULL ELSE t.gone_at END,
                    \(names.map { "\($0) = d.\($0)" }.joined(separator: ", "))
                FROM differing d WHERE t.\(key) = d.key AND t.ad_account_id = $1::uuid
                RETURNING 1
            )
            SELECT (SELECT count(*) FROM inserted) + (SELECT count(*) FROM updated)
            """
    }

    /// A metric of the row `totals`, which need not be there: an object without a row had nothing, unless Facebook did not
    /// return its campaign, rows cannot be read, or no totals were ever read.
    private func known(
        _ totals: String,
        _ metric: Metric,
        campaign: String,
        nothing: String,
        otherwise: String = "NULL"
    ) -> String {
        """
        CASE WHEN \(campaign) = ANY ($2::text[]) THEN NULL WHEN \(totals).id IS NOT NULL THEN \(totals).\(metric.column)
             WHEN $3::boolean THEN \(nothing) ELSE \(otherwise) END
        """
    }
}
