internal import Model
internal import Store

/// The time zone in which an account's days are counted: Facebook's name of it is one thing, PostgreSQL's another.
struct AccountZone {
    private let account: AdAccount
    private let store: Store

    init(_ account: AdAccount, _ store: Store) {
        self.account = account
        self.store = store
    }

    /// PostgreSQL's name of a zone that Facebook names.
    /// - Returns: `nil` for a zone that PostgreSQL does not know.
    func name(for facebookZone: String) throws -> String? {
        // Known from the last sync, unless PostgreSQL has lost it with other time zone files.
        if facebookZone == account.facebookTimeZone, !account.mayHaveUnknownTimeZone,
            try store.today(in: account.timeZone) != nil
        {
            return account.timeZone
        }
        return try store.knownZone(facebookZone)
    }

    /// Whether the account keeps its zone although Facebook now sends another name, because PostgreSQL knows the zone and not
    /// the name: it is damaged, or newer than PostgreSQL's time zone files.
    func stays(against facebookZone: String) throws -> Bool {
        guard account.currency != nil, !account.mayHaveUnknownTimeZone, facebookZone != account.facebookTimeZone else {
            return false
        }
        return try name(for: facebookZone) == nil && store.today(in: account.timeZone) != nil
    }

    /// The day it is now.
    /// - Parameter name: PostgreSQL's; `nil` for UTC.
    func today(in name: String?) throws -> Day {
        guard let today = try store.today(in: name ?? "UTC") else { throw SyncFailure("PostgreSQL does not know UTC") }
        return today
    }
}
