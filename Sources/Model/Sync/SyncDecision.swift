/// The state of an account's syncs in the database at one time.
package struct SyncState: Sendable, Equatable {
    /// A run that is not finished.
    package struct Unfinished: Sendable, Equatable {
        package var id: SyncRun.ID
        package var hasStarted: Bool
        /// Its process lives; or it waits for one, and not for too long.
        package var isAlive: Bool

        package init(id: SyncRun.ID, hasStarted: Bool, isAlive: Bool) {
            self.id = id
            self.hasStarted = hasStarted
            self.isAlive = isAlive
        }
    }

    /// Seconds since the last sync; `nil` when there was none.
    package var age: Double?
    package var hold: Hold?
    package var unfinished: Unfinished?

    package init(age: Double?, hold: Hold? = nil, unfinished: Unfinished? = nil) {
        self.age = age
        self.hold = hold
        self.unfinished = unfinished
    }

    /// Whether the data is younger than `interval` seconds.
    package func isFresh(interval: Int) -> Bool {
        age.map { $0 < Double(interval) } ?? false
    }
}

/// The decision about a request for a sync.
package enum SyncDecision: Sendable, Equatable {
    /// Start a child for a new run.
    case start
    /// Start a child for a run that has waited too long for one.
    case restart(SyncRun.ID)
    /// The process of this run is gone: close it, and start a child for a new run.
    case replace(SyncRun.ID)
    case running(SyncRun.ID)
    case fresh
    case held(Hold)

    /// - Parameters:
    ///   - isForced: whether a person requests a sync of fresh data.
    ///   - interval: seconds after which data is stale.
    package static func decide(
        _ state: SyncState,
        trigger: SyncRun.Trigger,
        isForced: Bool,
        interval: Int
    ) -> SyncDecision {
        if let unfinished = state.unfinished, unfinished.isAlive { return .running(unfinished.id) }
        if let hold = state.hold, applies(hold, trigger: trigger) { return .held(hold) }
        if state.isFresh(interval: interval) && !isForced { return .fresh }
        guard let unfinished = state.unfinished else { return .start }
        return unfinished.hasStarted ? .replace(unfinished.id) : .restart(unfinished.id)
    }

    /// People may try again after a failure at once; reads and cron wait. Facebook's own holds bind all.
    private static func applies(_ hold: Hold, trigger: SyncRun.Trigger) -> Bool {
        switch hold.reason {
        case .rateLimited, .tokenExpired: true
        case .retryLater: trigger == .read || trigger == .cron
        }
    }
}
