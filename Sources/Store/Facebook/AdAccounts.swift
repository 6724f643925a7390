package import Model
internal import Postgres
package import Secrets

/// An account as lists show it.
package struct AdAccountRow: Sendable, Equatable {
    package let account: AdAccount
    /// Facebook's word for the account's own state.
    package let status: String?
    /// Without what is unknown.
    package let money: AccountMoney
    /// `idle`, `syncing` or `error`.
    package let syncStatus: String
    package let syncError: String?
    package let lastSyncedAt: String?
    /// Seconds since the last sync; `nil` when there was none.
    package let age: Double?
    package let hasToken: Bool
    package let tokenState: TokenState
    /// Why nothing syncs the account by itself.
    package let hold: Hold.Reason?
    /// RFC 3339; `nil` when only a person can end the hold.
    package let heldUntil: String?
    /// What it counts as conversions; `nil` for purchases.
    package let conversionEvent: ConversionEvent?
    /// The role of the person who asked; `nil` in lists that are not made for a person.
    package let role: Role?
}

/// A Facebook token as it is stored.
package struct StoredToken: Sendable, Equatable {
    package let bytes: [UInt8]
    package let keyID: String
    /// SHA-256 of the token, where it is known.
    package let hash: [UInt8]?

    package init(bytes: [UInt8], keyID: String, hash: [UInt8]? = nil) {
        self.bytes = bytes
        self.keyID = keyID
        self.hash = hash
    }
}

extension StoredToken {
    package init(_ sealed: TokenCipher.Sealed, hash: [UInt8]? = nil) {
        self.init(bytes: sealed.bytes, keyID: sealed.keyID, hash: hash)
    }

    /// In the form for the cipher.
    package var sealed: TokenCipher.Sealed { TokenCipher.Sealed(bytes: bytes, keyID: keyID) }
}

/// Facebook's data about the account itself.
package struct AccountFacts: Sendable, Equatable {
    package var name: String
    package var currency: String
    package var timeZone: String
    package var status: String?
    package var money: AccountMoney
    /// Whether any of them came damaged: the next sync asks again.
    package var isDamaged: Bool

    package init(
        name: String,
        currency: String,
        timeZone: String,
        status: String?,
        money: AccountMoney = AccountMoney(),
        isDamaged: Bool = false
    ) {
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
        self.status = status
        self.money = money
        self.isDamaged = isDamaged
    }
}

extension Store {
    /// All accounts, or those that a person may see.
    package func adAccounts(of userID: String? = nil) throws -> [AdAccountRow] {
        try connection.rows(
            """
            SELECT a.id, a.facebook_account_id, a.name, a.currency, a.time_zone, a.status, a.sync_status, a.sync_error,
                   a.last_synced_at, a.facebook_token IS NOT NULL, x.role, \(raw: TokenStateColumns.sql),
                   \(raw: SyncStateColumns.heldReason),
                   CASE WHEN isfinite(\(raw: SyncStateColumns.heldUntil)) THEN \(raw: SyncStateColumns.heldUntil) END,
                   coalesce(a.facebook_time_zone, a.time_zone), extract(epoch FROM now() - a.last_synced_at),
                   a.conversion_event, a.balance, a.amount_spent, a.spend_cap, a.disable_reason
            FROM ad_accounts a
            \(raw: TokenStateColumns.join)
            \(raw: SyncStateColumns.join)
            LEFT JOIN account_access x ON x.ad_account_id = a.id AND x.user_id = \(userID)::uuid
            WHERE \(userID)::uuid IS NULL OR x.role IS NOT NULL
            ORDER BY lower(a.name), a.facebook_account_id
            """
        ) { row in
            AdAccountRow(
                account: try Self.decodeAccount(row, facebookTimeZone: 19),
                status: row.optionalText(5),
                money: AccountMoney(
                    balance: row.optionalText(22).flatMap { Amount(signedDecimal: $0) },
                    amountSpent: row.optionalText(23).flatMap { Amount(signedDecimal: $0) },
                    spendCap: row.optionalText(24).flatMap { Amount(signedDecimal: $0) },
                    disableReason: row.optionalText(25)
                ),
                syncStatus: try row.text(6),
                syncError: row.optionalText(7),
                lastSyncedAt: row.optionalTimestamp(8),
                age: row.optionalText(20).flatMap { Double($0) },
                hasToken: try row.boolean(9),
                tokenState: try TokenStateColumns.decode(row, from: 11),
                hold: row.optionalText(17).flatMap { Hold.Reason(rawValue: $0) },
                heldUntil: row.optionalTimestamp(18),
                conversionEvent: row.optionalText(21).flatMap { ConversionEvent($0) },
                role: row.optionalText(10).flatMap { Role(rawValue: $0) }
            )
        }
    }

    package func adAccount(_ reference: AccountReference) throws -> AdAccount? {
        try connection.firstRow(
            """
            SELECT id, facebook_account_id, name, currency, time_zone, coalesce(facebook_time_zone, time_zone)
            FROM ad_accounts WHERE id = \(reference.id)::uuid OR facebook_account_id = \(reference.facebookID)
            """
        ) { try Self.decodeAccount($0, facebookTimeZone: 5) }
    }

    private static func decodeAccount(_ row: borrowing Row, facebookTimeZone: Int) throws -> AdAccount {
        AdAccount(
            id: AdAccount.ID(rawValue: try row.text(0)),
            facebookID: try row.text(1),
            name: try row.text(2),
            currency: row.optionalText(3),
            timeZone: try row.text(4),
            facebookTimeZone: try row.text(facebookTimeZone)
        )
    }

    /// Adds an account, or gives a known one another token.
    /// - Parameters:
    ///   - facebookID: without `act_`.
    ///   - currency: with the time zone what the first sync needs to know to read everything at the same time.
    package func addAdAccount(
        facebookID: String,
        name: String,
        currency: String? = nil,
        timeZone: String = "UTC",
        token: StoredToken
    ) throws -> AdAccount.ID {
        let zone = try zoneOfDays(timeZone)
        return try connection.transaction {
            let account = try insertAdAccount(
                facebookID: facebookID,
                name: name,
                currency: currency,
                facebookZone: timeZone,
                timeZone: zone
            )
            try setToken(token, of: account)
            return account
        }
    }

    /// Adds an account, unless it is there.
    /// - Parameters:
    ///   - facebookZone: Facebook's name of its time zone.
    ///   - timeZone: PostgreSQL's.
    func insertAdAccount(
        facebookID: String,
        name: String,
        currency: String?,
        facebookZone: String,
        timeZone: String
    ) throws -> AdAccount.ID {
        try connection.execute(
            """
            INSERT INTO ad_accounts (facebook_account_id, name, currency, facebook_time_zone, time_zone)
            VALUES (\(facebookID), \(name), \(currency), \(facebookZone), \(timeZone))
            ON CONFLICT (facebook_account_id) DO NOTHING
            """
        )
        guard let account = try adAccount(AccountReference(facebookID)) else {
            throw PostgresError(code: .badValue, message: "\(facebookID) is not an ad account id")
        }
        return account.id
    }

    /// Stores what Facebook returned about the account itself. Days of a zone that PostgreSQL does not know are counted in
    /// UTC.
    package func note(_ facts: AccountFacts, of account: AdAccount.ID) throws {
        let zone = try zoneOfDays(facts.timeZone)
        let money = facts.money
        let kept = TextArray(money.unknown.sorted())
        try connection.execute(
            """
            UPDATE ad_accounts SET name = coalesce(nullif(\(facts.name), ''), name), currency = \(facts.currency),
                time_zone = \(zone), status = coalesce(\(facts.status), status), checked_at = now(),
                facebook_time_zone = \(facts.timeZone),
                damaged_readings = CASE WHEN \(facts.isDamaged)::boolean THEN least(damaged_readings + 1, 1000) ELSE 0 END,
                changes_version = \(raw: DataVersion.raised("changes_version", if: "time_zone <> $3")),
                -- What was refused, or cannot be read, stays as it was.
                balance = CASE WHEN 'balance' = ANY (\(kept)::text[]) THEN balance
                    ELSE \(money.balance?.description)::numeric END,
                amount_spent = CASE WHEN 'amount_spent' = ANY (\(kept)::text[]) THEN amount_spent
                    ELSE \(money.amountSpent?.description)::numeric END,
                spend_cap = CASE WHEN 'spend_cap' = ANY (\(kept)::text[]) THEN spend_cap
                    ELSE \(money.spendCap?.description)::numeric END,
                disable_reason = CASE WHEN 'disable_reason' = ANY (\(kept)::text[]) THEN disable_reason
                    ELSE \(money.disableReason) END
            WHERE id = \(account)::uuid
            """
        )
    }

    /// Stores a token, and ends the holds and the error that another one would not have met.
    package func setToken(_ token: StoredToken, of account: AdAccount.ID) throws {
        if let hash = token.hash {
            // It was never checked.
            try connection.execute(
                "INSERT INTO facebook_tokens (hash, asked_at) VALUES (\(hash)::bytea, '-infinity') ON CONFLICT DO NOTHING"
            )
        }
        try connection.execute(
            """
            UPDATE ad_accounts SET facebook_token = \(token.bytes)::bytea, facebook_token_key_id = \(token.keyID),
                facebook_token_hash = \(token.hash)::bytea, failures = 0,
                sync_error = CASE WHEN held_reason = 'TOKEN_EXPIRED' THEN NULL ELSE sync_error END,
                sync_status = CASE WHEN held_reason = 'TOKEN_EXPIRED' AND sync_status = 'error' THEN 'idle'
                                   ELSE sync_status END,
                held_until = CASE WHEN held_reason = 'RATE_LIMITED' THEN held_until END,
                held_reason = CASE WHEN held_reason = 'RATE_LIMITED' THEN held_reason END
            WHERE id = \(account)::uuid
            """
        )
    }

    /// Stores the same token in another form, unless it was replaced meanwhile.
    /// - Returns: whether it was stored.
    package func replaceToken(_ old: StoredToken, by new: StoredToken, of account: AdAccount.ID) throws -> Bool {
        try connection.execute(
            """
            UPDATE ad_accounts SET facebook_token = \(new.bytes)::bytea, facebook_token_key_id = \(new.keyID)
            WHERE id = \(account)::uuid AND facebook_token = \(old.bytes)::bytea
            """
        ) == 1
    }

    /// How many of Facebook's secrets are encrypted with another key.
    package func secretsCount(notUnder keyID: String) throws -> Int {
        try connection.firstRow(
            """
            SELECT (SELECT count(*) FROM ad_accounts WHERE facebook_token_key_id <> \(keyID))
                 + (SELECT count(*) FROM facebook_connections WHERE secret_key_id <> \(keyID))
            """
        ) { try $0.integer(0) } ?? 0
    }

    package func token(of account: AdAccount.ID) throws -> StoredToken? {
        let stored = try connection.firstRow(
            "SELECT facebook_token, facebook_token_key_id FROM ad_accounts WHERE id = \(account)::uuid"
        ) { (bytes: try $0.optionalBytes(0), keyID: $0.optionalText(1)) }
        guard let stored, let bytes = stored.bytes, let keyID = stored.keyID else { return nil }
        return StoredToken(bytes: bytes, keyID: keyID)
    }

    /// Removes an account and all of its data.
    package func removeAdAccount(_ account: AdAccount.ID) throws {
        try connection.transaction {
            for list in SyncList.allCases { try deleteStaged(list, of: account) }
            // Its runs are deleted first, so that a running sync can no longer commit.
            try connection.execute("DELETE FROM ad_accounts WHERE id = \(account)::uuid")
            for table in ["campaigns", "ad_groups", "creatives", "insights_daily", "running_sums", "running_days"] {
                try connection.execute("DELETE FROM \(raw: table) WHERE ad_account_id = \(account)::uuid")
            }
        }
    }

    /// The day it is now in a time zone. PostgreSQL keeps the time zone tables, and its clock is the one that all
    /// hosts share.
    /// - Returns: `nil` for a zone that PostgreSQL does not know.
    package func today(in timeZone: String) throws -> Day? {
        // Not from pg_timezone_names: PostgreSQL makes that view from its files, which takes 50 ms.
        do {
            return try connection.firstRow("SELECT (now() AT TIME ZONE \(timeZone))::date") {
                $0.optionalText(0).flatMap { Day($0) }
            }.flatMap(\.self)
        } catch let error as PostgresError where error.code.rawValue == "22023" {
            return nil  // invalid_parameter_value: no such zone
        }
    }
}
