package import Model
internal import Postgres

/// A picture to be stored.
package struct DuePicture: Sendable, Equatable {
    package let creative: String
    package let address: String
}

/// A picture in one of the widths that are kept.
package struct Thumbnail: Sendable, Equatable {
    /// The widths that are kept. No picture is enlarged, so the picture may be narrower.
    package static let widths = [64, 256, 1080]

    package var width: Int
    /// `image/jpeg`
    package var type: String
    package var bytes: [UInt8]

    package init(width: Int, type: String, bytes: [UInt8]) {
        self.width = width
        self.type = type
        self.bytes = bytes
    }
}

/// Why a picture was not stored.
package struct PictureFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable, Equatable {
        /// The address is no longer valid. Facebook gives another one.
        case expired
        /// The next attempt may succeed.
        case passing
        /// What is at the address cannot be used.
        case unusable
    }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}

extension Store {
    /// Pictures of the account to be stored now, those of the newest ads first.
    package func duePictures(of account: AdAccount.ID, most: Int) throws -> [DuePicture] {
        try connection.rows(
            """
            SELECT k.facebook_creative_id, k.picture_url FROM ad_creatives k
            LEFT JOIN LATERAL (
                SELECT max(t.created_at) AS newest FROM creatives t
                WHERE t.ad_account_id = k.ad_account_id AND t.facebook_creative_id = k.facebook_creative_id
                  AND t.gone_at IS NULL
            ) t ON true
            WHERE k.ad_account_id = \(account)::uuid AND k.due_at <= now() AND k.state = 'picture'
              AND k.picture_url IS NOT NULL
            ORDER BY t.newest DESC NULLS LAST, k.facebook_creative_id LIMIT \(most)::int
            """
        ) { DuePicture(creative: try $0.text(0), address: try $0.text(1)) }
    }

    /// Stores a picture for a creative, and for all others of the account that wait for the same one.
    /// - Parameter name: The SHA-256 of the original.
    package func store(
        _ thumbnails: [Thumbnail],
        named name: String,
        for creative: String,
        of account: AdAccount.ID
    ) throws {
        try connection.transaction {
            // Pruning, which takes the same lock, must not remove the picture before its creative has it.
            try lockRow(of: account)
            for thumbnail in thumbnails {
                try connection.execute(
                    """
                    INSERT INTO media (ad_account_id, name, width, type, size, bytes)
                    VALUES (\(account)::uuid, \(name), \(thumbnail.width)::int, \(thumbnail.type),
                            \(thumbnail.bytes.count)::int, \(thumbnail.bytes)::bytea)
                    ON CONFLICT DO NOTHING
                    """
                )
            }
            try connection.execute(
                """
                UPDATE ad_creatives k SET picture = \(name), picture_url = NULL, state = 'done', due_at = NULL,
                    error = NULL, attempts = 0
                FROM ad_creatives s
                WHERE s.ad_account_id = \(account)::uuid AND s.facebook_creative_id = \(creative)
                  AND k.ad_account_id = s.ad_account_id AND (k.facebook_creative_id = s.facebook_creative_id
                      OR k.state = 'picture' AND k.image_hash = s.image_hash)
                """
            )
        }
    }

    /// Makes a new version of the answers that show pictures. Once for several pictures, because caches lose all answers of ads
    /// with it.
    package func showPictures(of account: AdAccount.ID) throws {
        try connection.transaction { try raiseCreatives(account) }
    }

    /// Records that a picture was not stored, and when to try again. A response that is not a picture is retried after a day and again after four,
    /// then given up: Facebook may have returned an error page for a moment.
    package func record(_ failure: PictureFailure, of creative: String, _ account: AdAccount.ID) throws {
        let (pause, most) =
            switch failure.kind {
            case .expired: ("interval '1 minute' * 8 ^ least(attempts, 5)", 8)
            case .passing: ("least(interval '5 minutes' * 3 ^ least(attempts, 8), interval '1 day')", 12)
            case .unusable: ("interval '1 day' * 4 ^ least(attempts, 2)", 3)
            }
        try connection.execute(
            """
            UPDATE ad_creatives SET error = \(failure.description), attempts = attempts + 1,
                -- With the creative comes a new address.
                state = CASE WHEN \(failure.kind != .passing)::boolean THEN 'unread' ELSE state END,
                due_at = CASE WHEN attempts + 1 < \(most)::int THEN now() + \(raw: pause) END
            WHERE ad_account_id = \(account)::uuid AND facebook_creative_id = \(creative)
            """
        )
    }

    /// Bytes of an account's thumbnails.
    package func mediaSize(of account: AdAccount.ID) throws -> Int {
        try connection.firstRow(
            "SELECT coalesce(sum(size), 0)::bigint FROM media WHERE ad_account_id = \(account)::uuid"
        ) { try $0.integer(0) } ?? 0
    }

    /// Lets the account's waiting pictures wait for a day, because those that are stored use its budget.
    package func postponePictures(of account: AdAccount.ID, because reason: String) throws {
        try connection.execute(
            """
            UPDATE ad_creatives SET error = \(reason), due_at = now() + interval '1 day'
            WHERE ad_account_id = \(account)::uuid AND state = 'picture' AND due_at <= now() + interval '1 day'
            """
        )
    }
}
