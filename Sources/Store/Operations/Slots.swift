package import Model
internal import Postgres

/// Limited permits of a host, counted over all of its processes.
package enum SlotKind: Sendable {
    /// Children that sync.
    case sync
    /// Slots of background work among those. One slot is reserved for work that a person waits for.
    case background
    /// Slots of children that read history.
    case history
    /// Slots of children that connect accounts. They are separate, so that long syncs keep no person waiting.
    case connection
    /// Responders that hash a password.
    case hashing

    fileprivate var lockClass: Int {
        switch self {
        case .sync: LockClass.child
        case .background: LockClass.backgroundSlot
        case .history: LockClass.historySlot
        case .connection: LockClass.connectionSlot
        case .hashing: LockClass.hashing
        }
    }
}

/// A slot that this process holds, until it releases it or the database connection ends.
package struct Slot: Sendable, Equatable {
    fileprivate let kind: SlotKind
    /// The second number of its advisory lock.
    package let number: Int
}

extension Store {
    /// Acquires one of the host's slots.
    /// - Returns: `nil` if all are taken.
    package func acquireSlot(for kind: SlotKind, host: String, of slots: Int) throws -> Slot? {
        for slot in 0..<slots {
            let number =
                try connection.firstRow("SELECT hashtext(\(host) || ':' || \(slot)::text)") { try $0.integer(0) } ?? 0
            if try lock(kind.lockClass, number) { return Slot(kind: kind, number: number) }
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

    package func release(_ slot: Slot) throws {
        try unlock(slot.kind.lockClass, slot.number)
    }
}
