internal import Model
internal import Postgres

// The effective status of an ad set or an ad depends on its parents. Facebook does not change a child's `updated_time`
// when a parent is paused, so a sync that reads only updated objects does not see the change. The stored status of the
// parents implies it: the commit that stores the parent's change also stores the children's.

extension Store {
    /// Updates the effective status of children of campaigns and ad sets whose status changed in this transaction.
    ///
    /// Precedence, as at Facebook: deleted, archived, the child's own pause, a parent's pause. A status that the parents do
    /// not imply stays as Facebook sent it, such as that of an ad under review. Parents that only vanished from the listing
    /// change nothing: Facebook has not said that they are deleted.
    /// - Parameter listed: levels that were read completely. Their `ACTIVE` children below a stopped parent were read
    ///   before the parent, and are corrected too. Where two statuses are possible, the one that was just read stays.
    /// - Returns: how many rows of each level have a new effective status.
    func followParents(_ account: AdAccount.ID, listed: Set<Level>) throws -> [Level: Int] {
        let hasChanged = try connection.firstRow(
            Query(raw: "SELECT EXISTS (\(Self.changed("IN ('campaign', 'adset')")))", account)
        ) { try $0.boolean(0) }
        guard hasChanged == true || !listed.isEmpty else { return [:] }
        let hasListing = !listed.isEmpty
        // Ad sets first, because an ad follows the new status of its ad set.
        let adSets = try connection.execute(Query(raw: Self.adSetsFollow, account, hasListing))
        let ads = try connection.execute(Query(raw: Self.adsFollow, account, hasListing, listed.contains(.ad)))
        return [.adSet: adSets, .ad: ads]
    }

    /// The objects whose status changed in this transaction: the merge has just written them down.
    private static func changed(_ level: String) -> String {
        """
        SELECT facebook_object_id FROM object_changes
        WHERE ad_account_id = $1::uuid AND seen_at = now() AND field = 'status' AND level \(level)
        """
    }

    /// The status of a parent, unless it only vanished from the listing.
    private static func status(_ parent: String) -> String {
        "CASE WHEN \(parent).gone_at IS NULL THEN \(parent).status END"
    }

    private static let adSetsFollow = """
        WITH campaign AS MATERIALIZED (\(changed("= 'campaign'")))
        UPDATE ad_groups t SET effective_status = n.implied
        FROM (
            SELECT g.key, g.is_changed, g.effective_status, CASE
                WHEN 'DELETED' IN (g.status, g.campaign) THEN 'DELETED'
                WHEN 'ARCHIVED' IN (g.status, g.campaign) THEN 'ARCHIVED'
                WHEN g.status = 'PAUSED' THEN
                    CASE WHEN g.effective_status IN ('DELETED', 'ARCHIVED')
                           OR (g.effective_status = 'CAMPAIGN_PAUSED' AND g.campaign <> 'PAUSED')
                         THEN 'PAUSED' ELSE g.effective_status END
                WHEN g.campaign = 'PAUSED' THEN 'CAMPAIGN_PAUSED'
            END AS implied
            FROM (
                SELECT g.facebook_ad_set_id AS key, g.status, g.effective_status, \(status("c")) AS campaign,
                       g.facebook_campaign_id IN (SELECT * FROM campaign) AS is_changed
                FROM ad_groups g
                JOIN campaigns c ON c.facebook_campaign_id = g.facebook_campaign_id AND c.ad_account_id = $1::uuid
                WHERE g.ad_account_id = $1::uuid AND g.gone_at IS NULL
            ) g
        ) n
        WHERE t.facebook_ad_set_id = n.key AND t.ad_account_id = $1::uuid AND n.implied <> n.effective_status
          AND (n.is_changed OR ($2::boolean AND n.effective_status = 'ACTIVE'))
        """

    private static let adsFollow = """
        WITH campaign AS MATERIALIZED (\(changed("= 'campaign'"))),
        ad_set AS MATERIALIZED (\(changed("= 'adset'")))
        UPDATE creatives t SET effective_status = n.implied
        FROM (
            SELECT a.key, a.is_changed, a.effective_status, CASE
                WHEN 'DELETED' IN (a.status, a.ad_set, a.campaign) THEN 'DELETED'
                WHEN 'ARCHIVED' IN (a.status, a.ad_set, a.campaign) THEN 'ARCHIVED'
                WHEN a.status = 'PAUSED' THEN
                    CASE WHEN a.effective_status IN ('DELETED', 'ARCHIVED')
                           OR (a.effective_status = 'ADSET_PAUSED' AND a.ad_set <> 'PAUSED')
                           OR (a.effective_status = 'CAMPAIGN_PAUSED' AND a.campaign <> 'PAUSED')
                         THEN 'PAUSED' ELSE a.effective_status END
                -- Both parents are paused, and Facebook has just said which of them counts.
                WHEN a.campaign = 'PAUSED' AND a.ad_set = 'PAUSED' AND $3::boolean
                    AND a.effective_status IN ('CAMPAIGN_PAUSED', 'ADSET_PAUSED') THEN a.effective_status
                -- Facebook says so with the ad set.
                WHEN a.campaign = 'PAUSED' AND a.ad_set_effective IS DISTINCT FROM 'PAUSED' THEN 'CAMPAIGN_PAUSED'
                WHEN a.ad_set = 'PAUSED' THEN 'ADSET_PAUSED'
            END AS implied
            FROM (
                SELECT a.facebook_ad_id AS key, a.status, a.effective_status, \(status("g")) AS ad_set,
                       \(status("c")) AS campaign, g.effective_status AS ad_set_effective,
                       a.facebook_campaign_id IN (SELECT * FROM campaign)
                           OR a.facebook_ad_set_id IN (SELECT * FROM ad_set) AS is_changed
                FROM creatives a
                LEFT JOIN ad_groups g ON g.facebook_ad_set_id = a.facebook_ad_set_id AND g.ad_account_id = $1::uuid
                LEFT JOIN campaigns c ON c.facebook_campaign_id = a.facebook_campaign_id AND c.ad_account_id = $1::uuid
                WHERE a.ad_account_id = $1::uuid AND a.gone_at IS NULL
            ) a
        ) n
        WHERE t.facebook_ad_id = n.key AND t.ad_account_id = $1::uuid AND n.implied <> n.effective_status
          AND (n.is_changed OR ($2::boolean AND n.effective_status = 'ACTIVE'))
        """
}
