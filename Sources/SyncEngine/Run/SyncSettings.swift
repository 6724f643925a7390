internal import Model
internal import Store

/// Settings of syncs.
package struct SyncSettings: Sendable {
    /// Seconds after which all objects of an account are listed again.
    package var listingInterval = 21_600.0
    /// How many days of per-ad results to keep in sync, today included.
    package var historyDays = 90
    /// The most calls for counts of people in periods, for each account and day; 0 for none.
    package var reachCalls = 60
    /// Days for which changes of objects are kept.
    package var changesRetention = 90
    /// Seconds for which a child continues with history after its last run. The next child continues the rest.
    package var historyBudget = 300.0
    /// Seconds without a page after which a run is given up.
    package var patience = 600.0
    /// Bytes of pictures to keep for an account.
    package var picturesBudget = 200 << 20
    /// The app whose quota counts the calls; empty for an app without an id.
    package var app = ""

    package init() {}
}

extension SyncSettings {
    /// Days of results to hold for an account, today included: the setting, or more if people requested more.
    func historyDays(of account: AdAccount.ID, _ store: Store) throws -> Int {
        min(max(historyDays, try store.requestedHistory(of: account) ?? 0), HistoryLimit.days)
    }
}
