package import Model
package import Store

/// What one sync child does: takes a place among its host's children, then does the runs that wait, until none is left.
package struct SyncWorker {
    package enum Result: Sendable, Equatable {
        /// As many children as are allowed work already; they do the waiting runs too.
        case noPlace
        /// How the runs ended; empty when others had taken them.
        case worked([SyncRun.Outcome])
    }

    private let store: Store
    private let engine: SyncEngine
    private let host: String
    private let places: Int
    private let isStopping: () -> Bool

    package init(store: Store, engine: SyncEngine, host: String, places: Int, isStopping: @escaping () -> Bool) {
        self.store = store
        self.engine = engine
        self.host = host
        self.places = places
        self.isStopping = isStopping
    }

    /// - Parameter account: whose run comes first.
    package func work(first account: AdAccount.ID?) throws -> Result {
        var outcomes: [SyncRun.Outcome] = []
        var preferred = account
        var hadPlace = false
        var idlePasses = 0
        while !isStopping(), idlePasses < 2, let place = try store.takePlace(for: .sync, host: host, of: places) {
            hadPlace = true
            let before = outcomes.count
            var holdsPlace = true
            while !isStopping(), holdsPlace {
                let wanted = try preferred.flatMap { try store.claimRun(of: $0) }
                preferred = nil
                guard let run = try wanted ?? store.claimRun() else { break }
                outcomes.append(engine.perform(run))
                // A connection that was lost has taken our place among the children with it.
                holdsPlace = try store.release(run)
            }
            if holdsPlace { try store.leave(place) }
            idlePasses = outcomes.count == before ? idlePasses + 1 : 0
            // A run may have been asked for after our last look, by somebody whose child found no place but ours.
            guard try store.hasWaitingRuns() else { break }
        }
        return hadPlace ? .worked(outcomes) : .noPlace
    }
}
