package import Model
internal import Postgres

/// How far an account's creatives and pictures are.
package struct CreativeFigures: Sendable, Equatable {
    /// Creatives of the account's ads, and those that were read.
    package let total: Int
    package let read: Int
    /// Those with a picture.
    package let withPicture: Int
    /// Those that could not be read, or whose picture could not be stored, when that was last tried.
    package let failed: Int
    /// What went wrong with most of them, and when the next of them is tried again (RFC 3339).
    package let error: String?
    package let nextTryAt: String?
    /// Bytes of pictures.
    package let size: Int
}

extension Store {
    package func creativeFigures(of account: AdAccount.ID) throws -> CreativeFigures {
        let figures = try connection.firstRow(
            """
            SELECT count(*), count(content_key), count(picture), count(error), mode() WITHIN GROUP (ORDER BY error),
                   date_trunc('second', min(due_at) FILTER (WHERE error IS NOT NULL)),
                   (SELECT coalesce(sum(size), 0)::bigint FROM media WHERE ad_account_id = \(account)::uuid)
            FROM ad_creatives WHERE ad_account_id = \(account)::uuid
            """
        ) {
            CreativeFigures(
                total: try $0.integer(0),
                read: try $0.integer(1),
                withPicture: try $0.integer(2),
                failed: try $0.integer(3),
                error: $0.optionalText(4),
                nextTryAt: $0.optionalTimestamp(5),
                size: try $0.integer(6)
            )
        }
        return figures
            ?? CreativeFigures(total: 0, read: 0, withPicture: 0, failed: 0, error: nil, nextTryAt: nil, size: 0)
    }

    /// Creatives of all accounts by what is left to be done, and the bytes of all pictures.
    package func pictureFigures() throws -> (unread: Int, waiting: Int, failed: Int, done: Int, size: Int) {
        try connection.firstRow(
            """
            SELECT count(*) FILTER (WHERE error IS NULL AND content_key IS NULL),
                   count(*) FILTER (WHERE error IS NULL AND content_key IS NOT NULL AND state <> 'done'),
                   count(error), count(*) FILTER (WHERE error IS NULL AND state = 'done'),
                   (SELECT coalesce(sum(size), 0)::bigint FROM media)
            FROM ad_creatives
            """
        ) {
            (
                unread: try $0.integer(0), waiting: try $0.integer(1), failed: try $0.integer(2),
                done: try $0.integer(3),
                size: try $0.integer(4)
            )
        } ?? (0, 0, 0, 0, 0)
    }

    /// Removes creatives that no ad shows any longer, and pictures that no creative has.
    /// - Parameter days: for which an ad that is gone counts.
    /// - Returns: the number of removed pictures and creatives.
    func pruneCreatives(of account: AdAccount.ID, after days: Int) throws -> Int {
        try connection.transaction {
            try lockRow(of: account)
            let creatives = try connection.execute(
                """
                DELETE FROM ad_creatives k WHERE k.ad_account_id = \(account)::uuid AND \(raw: Self.isUnused("k", days))
                """
            )
            return try creatives
                + connection.execute(
                    """
                    DELETE FROM media m WHERE m.ad_account_id = \(account)::uuid AND NOT EXISTS (
                        SELECT FROM ad_creatives k WHERE k.ad_account_id = m.ad_account_id AND k.picture = m.name)
                    """
                )
        }
    }

    /// Whether no ad has the creative `k`.
    static func isUnused(_ k: String, _ days: Int) -> String {
        """
        NOT EXISTS (
            SELECT FROM creatives t WHERE t.ad_account_id = \(k).ad_account_id
              AND t.facebook_creative_id = \(k).facebook_creative_id
              AND (t.gone_at IS NULL OR t.gone_at > now() - make_interval(days => \(days))))
        """
    }
}
