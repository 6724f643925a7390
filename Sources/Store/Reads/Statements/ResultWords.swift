internal import Model

/// Results by goal in words.
enum ResultWords {
    /// `leads`, or `12 leads · 3 purchases` for a mix: the largest number first, zeros only if there is nothing else, and
    /// no number where it is unknown. NULL for unknown results, and for none.
    /// - Parameters:
    ///   - account: SQL of the account's id: the first parameter of questions.
    ///   - part: SQL of a part of the results.
    static func sql(of account: String = "$1::uuid", _ part: (Metric) -> String) -> String {
        let many = { Self.many($0, account) }
        let one = { Self.one($0, account) }
        let (indicator, mix) = (part(.resultIndicator), part(.resultMix))
        return """
            CASE WHEN \(mix) IS NOT NULL THEN (
                SELECT string_agg(concat_ws(' ', w.number, CASE w.number WHEN 1 THEN \(one("w.key")) ELSE \(many("w.key")) END),
                                  U&' \\00B7 ' ORDER BY w.number DESC NULLS LAST, w.key COLLATE "C")
                FROM (
                    SELECT e.key, trim_scale(e.value::numeric) AS number,
                           bool_and(coalesce(e.value::numeric, 1) = 0) OVER () AS are_zero
                    FROM jsonb_each_text(\(mix)) e
                ) w
                WHERE w.are_zero OR w.number IS DISTINCT FROM 0
            ) WHEN \(indicator) IS NOT NULL THEN \(many(indicator)) END
            """
    }

    /// The indicator without what stands before its colon.
    static func bare(_ indicator: String) -> String { "regexp_replace(\(indicator), '^.*:', '')" }

    private static func many(_ indicator: String, _ account: String) -> String {
        "coalesce(\(known(indicator)), \(own(indicator, account)))"
    }

    private static func one(_ indicator: String, _ account: String) -> String {
        let known = known(indicator)
        return """
            coalesce((SELECT exceptions FROM \(table))->>(\(known)), left(\(known), -1), \(own(indicator, account)))
            """
    }

    private static func known(_ indicator: String) -> String {
        "(SELECT words FROM \(table))->>\(bare(indicator))"
    }

    /// The name of a custom conversion. Else Facebook's own words, without the place where Facebook counts.
    private static func own(_ indicator: String, _ account: String) -> String {
        let place = "^(offsite_conversion\\.fb_pixel_|offsite_conversion\\.|onsite_conversion\\.|app_custom_event\\.)"
        let id =
            "substring(\(bare(indicator)) FROM '^\(CustomConversion.actionType.replacing(".", with: "\\."))([0-9]+)$')"
        return """
            coalesce((SELECT n.name FROM custom_conversions n WHERE n.ad_account_id = \(account) AND n.id = \(id)),
                     'custom conversion ' || \(id),
                     translate(regexp_replace(\(bare(indicator)), '\(place)', ''), '._', '  '))
            """
    }

    // MARK: The words in a statement

    private static let table = "result_words"

    /// The table with the words, for statements with results.
    static let definition = """
        \(table) AS MATERIALIZED (SELECT \(constant(ResultIndicator.words)) AS words,
            \(constant(ResultIndicator.irregular.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })) AS exceptions)
        """

    private static func constant(_ words: [(String, String)]) -> String {
        "'{\(words.map { "\"\($0.0)\":\"\($0.1)\"" }.joined(separator: ","))}'::jsonb"
    }
}
