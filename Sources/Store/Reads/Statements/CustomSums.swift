internal import Model

/// The numbers of custom conversions, whose ids a request names. Ids are digits, so they can be a part of a statement.
enum CustomSums {
    /// The column of a statement that has the sums of one.
    static func column(_ id: String) -> String { "conversion_\(id)" }

    /// The number that is stored with an object `t`.
    static func stored(_ id: String) -> String {
        "(CASE WHEN t.custom_conversions IS NOT NULL THEN coalesce((t.custom_conversions->>'\(id)')::numeric, 0) END)"
    }

    /// The sums of days `d` of ads for each value of a key, which is the column `key`. A sum with an unknown day is unknown.
    /// - Parameter rows: what follows `FROM`.
    static func sql(_ ids: [String], of rows: String, by key: String) -> String {
        let numbers = ids.map { "\(daily("'\(CustomConversion.actionType)\($0)'")) AS \(column($0))" }
        let sums = ids.map { "\(StrictSum.of("v.\(column($0))")) AS \(column($0))" }
        return """
            SELECT v.key, \(sums.joined(separator: ", "))
            FROM (SELECT \(key) AS key, \(numbers.joined(separator: ", ")) FROM \(rows)) v GROUP BY 1
            """
    }

    /// The number of an action type on a day `d` of an ad. A day without actions had none, unless they could not be read.
    /// - Parameter type: SQL of the type.
    static func daily(_ type: String) -> String {
        let isNumber = #"coalesce(a->>'value' ~ '^[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$', false)"#
        return """
            (CASE WHEN d.actions IS NULL THEN CASE WHEN d.engagement = 0 AND NOT EXISTS (
                    SELECT FROM insights_days u WHERE u.ad_account_id = d.ad_account_id AND u.day = d.day AND u.is_damaged)
                THEN 0 END
             WHEN d.actions @> jsonb_build_array(jsonb_build_object('action_type', \(type)))
             THEN (SELECT CASE WHEN bool_and(\(isNumber)) THEN sum(CASE WHEN \(isNumber) THEN (a->>'value')::numeric END) END
                   FROM jsonb_array_elements(d.actions) a WHERE a->>'action_type' = \(type))
             ELSE 0 END)
            """
    }
}
