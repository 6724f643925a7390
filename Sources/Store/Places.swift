package import Model
internal import Postgres

/// Limited permits of a host, counted over all of its processes.
package enum PlaceKind: Sendable {
    /// Children that sync.
    case sync
    /// Places of background work among those. One place is reserved for work that a person waits for.
    case background
    /// Places of children that read history.
    case history
    /// Places of children that connect accounts. They are separate, so that long syncs keep no person waiting.
    case connection
    /// Responders that hash a password.
    case hashing

    fileprivate var lockClass: Int {
        switch self {
        case .sync: LockClass.child
        case .background: LockClass.backgroundPlace
        case .history: LockClass.historyPlace
        case .connection: LockClass.connectionPlace
        case .hashing: LockClass.hashing
        }
    }
}

/// A place that this process holds, until it leaves it or the database connection falls.
package struct Place: Sendable, Equatable {
    fileprivate let kind: PlaceKind
    /// The second number of its advisory lock.
    package let number: Int
}

extension Store {
    /// Takes one of the host's places.
    /// - Returns: `nil` when all are taken.
    package func takePlace(for kind: PlaceKind, host: String, of places: Int) throws -> Place? {
        for place in 0..<places {
            let number =
                try connection.firstRow("SELECT hashtext(\(host) || ':' || \(place)::text)") { try $0.integer(0) } ?? 0
            if try lock(kind.lockClass, number) { return Place(kind: kind, number: number) }
        }
        return nil
    }

    /// Whether any host has a child that syncs. Each handles all waiting runs before it ends.
    private func hasSyncChild() throws -> Bool {
        try connection.firstRow(
            "SELECT EXISTS (SELECT FROM pg_locks l WHERE \(raw: SyncStateColumns.isLock(LockClass.child)))"
        ) { try $0.boolean(0) } ?? false
    }

    /// Whether no process works on a run, or will: its process is gone; or it has waited for long, and no child could
    /// take it.
    package func isAbandoned(_ run: SyncState.Unfinished) throws -> Bool {
        guard !run.isAlive else { return false }
        return try run.hasStarted || !hasSyncChild()
    }

    package func leave(_ place: Place) throws {
        try unlock(place.kind.lockClass, place.number)
    }
}
