internal import Model

/// SQL of the word for an object of a level. `t` is the object's row, `k` what is known of its children. The tables `account`,
/// `proof`, `delivered` and `resumed` are those of `Delivering.swift`.
struct DeliveryRules {
    let level: Level
    /// The rows of the ad set and of the campaign to which it belongs, or which it is.
    private var adSet: String { level == .adSet ? "t" : "g" }
    private var campaign: String { level == .campaign ? "t" : "c" }

    /// The word; NULL where Facebook's status is one that we do not know. The first rule that holds counts.
    var word: String {
        let rules = own + (level == .ad ? [] : [childless]) + (level == .campaign ? [] : learning) + [noDelivery]
        return """
            CASE \(rules.map { "WHEN \($0.condition) THEN \($0.word)" }.joined(separator: "\n"))
                ELSE \(DeliveryWord.active.sql) END
            """
    }

    private typealias Rule = (condition: String, word: String)

    private var own: [Rule] {
        [
            ("'DELETED' IN (t.status, t.effective_status)", DeliveryWord.deleted.sql),
            ("'ARCHIVED' IN (t.status, t.effective_status)", DeliveryWord.archived.sql),
            (
                "t.effective_status = 'PENDING_BILLING_INFO' OR (SELECT is_stopped FROM account)",
                DeliveryWord.accountStopped.sql
            ),
            (isDisapproved, DeliveryWord.disapproved.sql),
            ("t.effective_status = 'WITH_ISSUES' OR (\(Self.hasErrors))", DeliveryWord.withIssues.sql),
            ("'PAUSED' IN (t.status, t.effective_status)", DeliveryWord.paused.sql),
            ("t.effective_status IN ('CAMPAIGN_PAUSED', 'ADSET_PAUSED')", "t.effective_status"),
            ("t.effective_status IN ('PENDING_REVIEW', 'IN_PROCESS')", DeliveryWord.inReview.sql),
            ("t.effective_status NOT IN ('ACTIVE', 'PREAPPROVED')", "NULL"),
            ("\(startsAt) > \(Self.moment)", DeliveryWord.scheduled.sql),
            ("\(endsAt) <= \(Self.moment)", DeliveryWord.ended.sql),
        ]
    }

    /// An ad that is off cannot have the status, so its review says so. One that is on may be refused in some places only.
    private var isDisapproved: String {
        let hasStatus = "t.effective_status = 'DISAPPROVED'"
        guard level == .ad else { return hasStatus }
        return """
            \(hasStatus) OR (t.effective_status IN ('PAUSED', 'CAMPAIGN_PAUSED', 'ADSET_PAUSED')
                AND jsonb_path_exists(t.review_feedback, '$[*] ? (@.placement == null)'))
            """
    }

    /// A soft error is a remark: the object is delivered all the same.
    private static let hasErrors =
        "jsonb_array_length(t.issues) > 0 AND jsonb_path_exists(t.issues, '$[*] ? (!(@.type == \"SOFT_ERROR\"))')"

    /// The parents' schedules count as well.
    private var startsAt: String {
        level == .campaign ? "t.starts_at" : "greatest(\(adSet).starts_at, \(campaign).starts_at)"
    }

    private var endsAt: String {
        level == .campaign ? "t.ends_at" : "least(\(adSet).ends_at, \(campaign).ends_at)"
    }

    /// Nothing below it is on, as far as all of that is known.
    private var childless: Rule {
        let isKnown = level == .campaign ? "knows_ad_sets AND knows_ads" : "knows_ads"
        return (
            "(SELECT \(isKnown) FROM account) AND k.runs IS NOT TRUE", "coalesce(k.rest, \(DeliveryWord.paused.sql))"
        )
    }

    /// An ad learns with its ad set.
    private var learning: [Rule] {
        [
            ("\(adSet).learning = 'FAIL'", DeliveryWord.learningLimited.sql),
            ("\(adSet).learning = 'LEARNING'", DeliveryWord.learning.sql),
        ]
    }

    /// It was on for 24 hours, and the days that are held prove that it had no impression today and yesterday. What was
    /// changed on the first day of an account may have been off before.
    private var noDelivery: Rule {
        let (ids, column, updates) =
            switch level {
            case .campaign: (["campaign"], "campaign", ["t"])
            case .adSet: (["ad_set", "campaign"], "ad_set", ["t", "c"])
            case .ad: (["ad", "ad_set", "campaign"], "ad", ["t", "g", "c"])
            }
        let update = "greatest(\(updates.map { "\($0).updated_at" }.joined(separator: ", ")))"
        let wasOn = ids.map { "t.facebook_\($0)_id NOT IN (SELECT id FROM resumed)" }.joined(separator: " AND ")
        return (
            """
            (SELECT holds FROM proof) AND t.created_at <= \(Self.aDayAgo)
                AND coalesce(\(startsAt) <= \(Self.aDayAgo), true)
                AND ((SELECT NOT is_new FROM account) OR \(update) <= \(Self.aDayAgo))
                AND (NOT EXISTS (SELECT FROM resumed) OR \(wasOn))
                AND t.facebook_\(column)_id NOT IN (SELECT \(column) FROM delivered)
            """, DeliveryWord.noDelivery.sql
        )
    }

    private static let moment = "(SELECT moment FROM account)"
    private static let aDayAgo = "(SELECT moment - interval '24 hours' FROM account)"

    /// What is known of children, from a table with their words.
    static let ofChildren: String = {
        let running = DeliveryWord.running.map(\.sql).joined(separator: ", ")
        let inherited = DeliveryWord.inherited.map { "WHEN bool_or(word = \($0.sql)) THEN \($0.sql)" }
        return """
            bool_or(word IS NULL OR word IN (\(running))) AS runs,
            CASE \(inherited.joined(separator: " ")) END AS rest
            """
    }()
}
