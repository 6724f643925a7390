package import Model
internal import Postgres

extension Store {
    /// Brings the words about the delivery of an account's objects up to date. They change with time as well, so a sync that
    /// found nothing new does this, too.
    /// - Parameter moment: the time for which they hold; `nil` for now.
    /// - Returns: how many objects of each level have another word.
    @discardableResult
    package func updateDelivery(of account: AdAccount.ID, at moment: Timestamp? = nil) throws -> [Level: Int] {
        try connection.firstRow(Query(raw: DeliverySQL.update, account, moment?.description)) { row in
            [.campaign: try row.integer(0), .adSet: try row.integer(1), .ad: try row.integer(2)]
        } ?? [:]
    }
}

/// One statement for all levels: ads first, because a parent without anything below it that is on is off.
enum DeliverySQL {
    static let update = """
        WITH account AS MATERIALIZED (
            SELECT m.moment, (m.moment AT TIME ZONE a.time_zone)::date AS today,
                   coalesce(a.status IN (\(stopped)), false)
                       OR coalesce(a.amount_spent >= a.spend_cap AND a.spend_cap > 0, false) AS is_stopped,
                   a.created_at > m.moment - interval '24 hours' AS is_new,
                   \(isListed(.adSet)) AS knows_ad_sets, \(isListed(.ad)) AS knows_ads
            FROM ad_accounts a CROSS JOIN (SELECT coalesce($2::timestamptz, now()) AS moment) m
            WHERE a.id = $1::uuid
        ), proof AS MATERIALIZED (
            -- Both days add up to the account, which Facebook has returned not long ago.
            SELECT count(*) = 2 AS holds FROM insights_days d
            WHERE d.ad_account_id = $1::uuid AND d.day BETWEEN (SELECT today - 1 FROM account) AND (SELECT today FROM account)
              AND d.state = 'complete' AND NOT d.is_unconfirmed AND EXISTS (
                  SELECT FROM sync_lists l WHERE l.ad_account_id = $1::uuid AND l.list = '\(SyncList.accountDays.rawValue)'
                      AND l.synced_at > (SELECT moment FROM account) - interval '6 hours')
        ), delivered AS MATERIALIZED (
            -- An unknown number may be any.
            SELECT d.facebook_ad_id AS ad, d.facebook_ad_set_id AS ad_set, d.facebook_campaign_id AS campaign
            FROM insights_daily d
            WHERE (SELECT holds FROM proof) AND d.ad_account_id = $1::uuid
              AND d.day BETWEEN (SELECT today - 1 FROM account) AND (SELECT today FROM account)
              AND d.impressions IS DISTINCT FROM 0
        ), resumed AS MATERIALIZED (
            SELECT facebook_object_id AS id FROM object_changes
            WHERE ad_account_id = $1::uuid AND field = 'status'
              AND seen_at > (SELECT moment - interval '24 hours' FROM account)
        ), ad AS MATERIALIZED (
            SELECT t.facebook_ad_id AS id, t.facebook_ad_set_id AS parent, t.delivery AS old, \(DeliveryRules(level: .ad).word) AS word
            FROM creatives t
            LEFT JOIN ad_groups g ON g.facebook_ad_set_id = t.facebook_ad_set_id AND g.ad_account_id = $1::uuid
            LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id AND c.ad_account_id = $1::uuid
            WHERE t.ad_account_id = $1::uuid
        ), ad_set AS MATERIALIZED (
            SELECT t.facebook_ad_set_id AS id, t.facebook_campaign_id AS parent, t.delivery AS old,
                   \(DeliveryRules(level: .adSet).word) AS word
            FROM ad_groups t
            LEFT JOIN campaigns c ON c.facebook_campaign_id = t.facebook_campaign_id AND c.ad_account_id = $1::uuid
            LEFT JOIN (SELECT parent, \(DeliveryRules.ofChildren) FROM ad GROUP BY parent) k ON k.parent = t.facebook_ad_set_id
            WHERE t.ad_account_id = $1::uuid
        ), campaign AS MATERIALIZED (
            SELECT t.facebook_campaign_id AS id, t.delivery AS old,
                   \(DeliveryRules(level: .campaign).word) AS word
            FROM campaigns t
            LEFT JOIN (SELECT parent, \(DeliveryRules.ofChildren) FROM ad_set GROUP BY parent) k
                ON k.parent = t.facebook_campaign_id
            WHERE t.ad_account_id = $1::uuid
        ), \(updated(.campaign, "campaign")), \(updated(.adSet, "ad_set")), \(updated(.ad, "ad"))
        SELECT (SELECT count(*) FROM new_campaign), (SELECT count(*) FROM new_ad_set), (SELECT count(*) FROM new_ad)
        """

    /// Facebook's states of an account in which it delivers nothing.
    private static let stopped = [
        "DISABLED", "UNSETTLED", "PENDING_RISK_REVIEW", "PENDING_SETTLEMENT", "PENDING_CLOSURE", "CLOSED",
    ].map { "'\($0)'" }.joined(separator: ", ")

    /// Whether all objects of a level were listed, without a doubt.
    private static func isListed(_ level: Level) -> String {
        """
        EXISTS (SELECT FROM sync_lists l WHERE l.ad_account_id = a.id AND l.list = '\(SyncList.objects(level).rawValue)'
                    AND l.synced_at IS NOT NULL AND l.doubtful_readings = 0)
        """
    }

    private static func updated(_ level: Level, _ words: String) -> String {
        let mirror = Mirror.of(level)
        return """
            new_\(words) AS (
                UPDATE \(mirror.table) t SET delivery = n.word FROM \(words) n
                WHERE t.\(mirror.key) = n.id AND t.ad_account_id = $1::uuid AND n.word IS DISTINCT FROM n.old
                RETURNING 1
            )
            """
    }
}
