internal import Model
internal import Postgres

/// Advisory locks are kept in two numbers: what kind of thing is locked, and which.
enum LockClass {
    /// One sync of an account; the second number is `ad_accounts.number`. ("ADMI")
    static let account = 1_094_995_273
    /// The running sums of an account, also in `m0025_running_sums.sql`; the second number is `ad_accounts.number`. ("ADMR")
    static let runningSums = 1_094_995_282
    /// One sync child of a host; the second number is derived from the host's name and a slot. ("ADMS")
    static let child = 1_094_995_283
    /// One background child of a host; the second number is derived as for `child`. ("ADMB")
    static let backgroundSlot = 1_094_995_266
    /// One child of a host that reads history; the second number is made as for `child`. ("ADMY")
    static let historySlot = 1_094_995_289
    /// The child that connects accounts for a person; the second number is derived from the person's id. ("ADMC")
    static let connection = 1_094_995_267
    /// One of these on a host; the second number is made as for `child`. ("ADMP")
    static let connectionSlot = 1_094_995_280
    /// One responder of a host that hashes a password; the second number is made as for `child`. ("ADMH")
    static let hashing = 1_094_995_272
}

extension Store {
    func lock(_ kind: Int, _ number: Int) throws -> Bool {
        try connection.firstRow("SELECT pg_try_advisory_lock(\(kind)::int, \(number)::int)") { try $0.boolean(0) }
            ?? false
    }

    /// - Returns: `false` when it was not held.
    @discardableResult
    func unlock(_ kind: Int, _ number: Int) throws -> Bool {
        try connection.firstRow("SELECT pg_advisory_unlock(\(kind)::int, \(number)::int)") { try $0.boolean(0) }
            ?? false
    }

    /// Locks the account's row before any of its runs, everywhere, so that there are no deadlocks.
    func lockRow(of account: AdAccount.ID) throws {
        // NO KEY: new rows of a sync's commit refer to the account, and must not keep others waiting.
        try connection.execute("SELECT FROM ad_accounts WHERE id = \(account)::uuid FOR NO KEY UPDATE")
    }
}
