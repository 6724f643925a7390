package import Model
internal import Postgres

extension Store {
    /// Creatives of the account to be read now, those of the newest ads first.
    package func unreadCreatives(of account: AdAccount.ID, most: Int) throws -> [WantedCreative] {
        try connection.rows(
            """
            SELECT k.facebook_creative_id, t.facebook_ad_id FROM ad_creatives k
            LEFT JOIN LATERAL (
                SELECT t.facebook_ad_id, t.created_at FROM creatives t
                WHERE t.ad_account_id = k.ad_account_id AND t.facebook_creative_id = k.facebook_creative_id
                  AND t.gone_at IS NULL
                ORDER BY t.created_at DESC NULLS LAST, t.facebook_ad_id LIMIT 1
            ) t ON true
            WHERE k.ad_account_id = \(account)::uuid AND k.due_at <= now() AND k.state = 'unread'
            ORDER BY t.created_at DESC NULLS LAST, k.facebook_creative_id LIMIT \(most)::int
            """
        ) { WantedCreative(id: try $0.text(0), adID: $0.optionalText(1)) }
    }

    /// Stores creatives that were read. A picture that another creative of the account has is not stored again.
    package func store(_ creatives: [Creative], of account: AdAccount.ID) throws {
        guard !creatives.isEmpty else { return }
        try connection.transaction {
            var isChanged = false
            for creative in creatives {
                let picture =
                    try connection.firstRow(
                        """
                        SELECT picture FROM ad_creatives WHERE ad_account_id = \(account)::uuid
                          AND image_hash = \(creative.imageHash) AND picture IS NOT NULL LIMIT 1
                        """
                    ) { try $0.text(0) }
                let isDone = picture != nil || creative.pictureURL == nil
                let known =
                    try connection.firstRow(
                        """
                        SELECT content_key FROM ad_creatives
                        WHERE ad_account_id = \(account)::uuid AND facebook_creative_id = \(creative.id)
                        """
                    ) { $0.optionalText(0) } ?? nil
                if picture != nil || known != creative.contentKey { isChanged = true }
                try connection.execute(
                    """
                    UPDATE ad_creatives SET name = \(creative.name), title = \(creative.title), body = \(creative.body),
                        call_to_action = \(creative.callToAction), link_url = \(creative.linkURL),
                        post_url = \(creative.postURL), video_id = \(creative.videoID),
                        object_type = \(creative.objectType), image_hash = \(creative.imageHash),
                        content_key = \(creative.contentKey), picture = coalesce(picture, \(picture)),
                        picture_url = \(isDone ? nil : creative.pictureURL),
                        state = \(isDone ? "done" : "picture"),
                        due_at = CASE WHEN \(isDone)::boolean THEN NULL ELSE now() END,
                        -- Attempts for the picture go on counting.
                        error = CASE WHEN content_key IS NULL OR \(isDone)::boolean THEN NULL ELSE error END,
                        attempts = CASE WHEN content_key IS NULL OR \(isDone)::boolean THEN 0 ELSE attempts END
                    WHERE ad_account_id = \(account)::uuid AND facebook_creative_id = \(creative.id)
                    """
                )
            }
            // A creative that was read again for a new address of its picture is the same as before.
            if isChanged { try raiseCreatives(account) }
        }
    }

    /// Records that a creative cannot be read. It is tried again after an hour, after four, and so on, at most a week.
    /// - Parameter error: for people; without secrets.
    package func recordUnreadable(_ creative: String, error: String, of account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE ad_creatives SET error = \(error), attempts = attempts + 1,
                due_at = now() + least(interval '1 hour' * 4 ^ least(attempts, 6), interval '7 days')
            WHERE ad_account_id = \(account)::uuid AND facebook_creative_id = \(creative)
            """
        )
    }

    /// Lets what is due wait for ten minutes, after an error that is not about one creative.
    package func postponeCreatives(of account: AdAccount.ID, because error: String) throws {
        try connection.execute(
            """
            UPDATE ad_creatives SET due_at = now() + interval '10 minutes', error = \(error)
            WHERE ad_account_id = \(account)::uuid AND due_at <= now()
            """
        )
    }
}
