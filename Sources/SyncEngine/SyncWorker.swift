package import Model
package import Store

/// The work of one sync child: acquires a slot among its host's children, handles waiting runs, most urgent first, and
/// reads history while no run waits.
package final class SyncWorker {
    package enum Result: Sendable, Equatable {
        /// The maximum number of children is already working; they also handle the waiting runs.
        case noSlot
        /// How the runs ended; empty when others had taken them.
        case worked([SyncRun.Outcome])
    }

    private let store: Store
    private let engine: SyncEngine
    private let host: String
    private let slots: Int
    private let historyBudget: Double
    private let now: () -> Double
    private let pause: (Double) -> Void
    private let isStopping: () -> Bool

    private var preferred: AdAccount.ID?
    private var outcomes: [SyncRun.Outcome] = []
    /// The slots next to the child's own, for background work and for history.
    private var background: Slot?
    private var history: Slot?
    /// When history has to end.
    private var historyDeadline = -Double.infinity

    /// The account whose history has had a turn that did not suffice.
    private var unfinished: AdAccount.ID?

    /// Whether creatives come before history next: they take turns.
    private var isCreativesTurn = false

    /// Seconds without progress after which an account's history gets turns although runs wait, until a slice is stored, and
    /// how long a turn lasts: no run waits for history longer than a second. What a turn has read stays for the next one.
    private static let longestIdle = 900.0
    private static let turn = 0.4
    /// Seconds for which a child waits for history that is not due yet, such as a report that Facebook makes.
    private static let patience = 60.0
    /// How many days a run changes, as a rule.
    private static let usualDays = 3

    /// - Parameters:
    ///   - slots: The most concurrent sync children of this host.
    ///   - historyBudget: Seconds for which the child continues with history after its last run.
    ///   - pause: Waits so many seconds.
    package init(
        store: Store,
        engine: SyncEngine,
        host: String,
        slots: Int,
        historyBudget: Double,
        now: @escaping () -> Double,
        pause: @escaping (Double) -> Void,
        isStopping: @escaping () -> Bool
    ) {
        self.store = store
        self.engine = engine
        self.host = host
        self.slots = slots
        self.historyBudget = historyBudget
        self.now = now
        self.pause = pause
        self.isStopping = isStopping
    }

    /// - Parameter account: whose run comes first.
    package func work(first account: AdAccount.ID?) throws -> Result {
        preferred = account
        historyDeadline = now() + historyBudget
        var hadSlot = false
        var idlePasses = 0
        while !isStopping(), idlePasses < 2, let slot = try store.acquireSlot(for: .sync, host: host, of: slots) {
            hadSlot = true
            let before = outcomes.count
            if try workInSlot() { try release(slot) }
            (background, history) = (nil, nil)
            idlePasses = outcomes.count == before ? idlePasses + 1 : 0
            // A run may have been requested after the last query, by a child that found no slot.
            guard try store.hasWaitingRuns() else { break }
        }
        return hadSlot ? .worked(outcomes) : .noSlot
    }

    private func release(_ slot: Slot) throws {
        for slot in [history, background, slot].compactMap(\.self) { try store.release(slot) }
    }

    /// Works until nothing is left.
    /// - Returns: `false` when the database connection was lost, and with it all slots.
    private func workInSlot() throws -> Bool {
        while !isStopping() {
            if let run = try claimRun() {
                outcomes.append(engine.perform(run))
                historyDeadline = now() + historyBudget
                guard try store.release(run) else { return false }
                try sumDays(of: run.account.id)
                guard try takeTurn() else { return false }
            } else if try fillOrSumDay() {
                engine.noteProgress()
            } else {
                isCreativesTurn.toggle()
                let creatives = isCreativesTurn ? try readCreatives() : .isOver
                switch creatives == .isOver ? try readHistory() : creatives {
                case .goesOn: break
                case .isOver:
                    guard !isCreativesTurn else { return true }
                case .lostSlots: return false
                }
            }
        }
        return true
    }

    /// A step of the work that needs no call to Facebook.
    /// - Returns: whether there may be more.
    private func fillOrSumDay() throws -> Bool {
        if now() < historyDeadline, try store.fillDay() { return true }
        return try store.sumDay()
    }

    /// Adds the running sums of the days that a run has changed, so that they are not left to a moment in which no run waits: as
    /// many as a run changes as a rule, and those that take no time.
    private func sumDays(of account: AdAccount.ID) throws {
        let end = now() + 1
        var days = 0
        while !isStopping(), days < Self.usualDays || now() < end, try store.sumDay(of: account) {
            days += 1
            engine.noteProgress()
        }
    }

    // MARK: Runs

    private func claimRun() throws -> ClaimedRun? {
        let wanted = try preferred.flatMap { try store.claimRun(of: $0) }
        preferred = nil
        if let run = try wanted ?? store.claimRun(awaitedOnly: true) { return run }
        guard try acquireBackgroundSlot() else { return nil }
        return try store.claimRun()
    }

    /// Of three or more slots, one is reserved for runs that a person waits for.
    private func acquireBackgroundSlot() throws -> Bool {
        let most = slots < 3 ? slots : slots - 1
        background = try background ?? store.acquireSlot(for: .background, host: host, of: most)
        return background != nil
    }

    // MARK: History

    private enum HistoryTurn {
        case goesOn
        case isOver
        case lostSlots
    }

    /// Half of the slots may read history.
    private func acquireHistorySlot() throws -> Bool {
        guard try acquireBackgroundSlot() else { return false }
        history = try history ?? store.acquireSlot(for: .history, host: host, of: max(1, slots / 2))
        return history != nil
    }

    /// Reads a slice of the account whose turn it is, or waits a moment for the next that is due.
    private func readHistory() throws -> HistoryTurn {
        guard now() < historyDeadline, try acquireHistorySlot() else { return .isOver }
        if engine.awaitsOrder {
            engine.takeOrder(within: 0.5)
            return .goesOn
        }
        if let work = try store.claimHistory() {
            _ = engine.readHistory(work, yields: try urgentWork(before: work))
            return try store.release(work) ? .goesOn : .lostSlots
        }
        guard let seconds = try store.secondsUntilHistory(), seconds < Self.patience else { return .isOver }
        pause(min(max(seconds, 0.05), 0.5))
        return .goesOn
    }

    /// Reads some creatives of an account, or stores some pictures.
    private func readCreatives() throws -> HistoryTurn {
        guard now() < historyDeadline, try acquireHistorySlot(), let work = try store.claimCreatives() else {
            return .isOver
        }
        let isDone = engine.readCreatives(work, yields: { [store] in try store.hasUrgentWork(before: .olderDays) })
        guard try store.release(work) else { return .lostSlots }
        return isDone ? .goesOn : .isOver
    }

    /// Between two runs: history that has made no progress for long gets a moment, or it would wait for ever on a host that
    /// is never idle.
    /// - Returns: `false` when the database connection was lost.
    private func takeTurn() throws -> Bool {
        guard historyBudget > 0, try store.hasWaitingRuns(), try acquireHistorySlot() else { return true }
        if engine.awaitsOrder {
            engine.takeOrder(within: Self.turn)
            return true
        }
        let goesOn = try unfinished.flatMap { try store.claimHistory(of: $0) }
        guard let work = try goesOn ?? store.claimHistory(idleFor: Self.longestIdle) else { return true }
        let step = engine.readHistory(work, patience: Self.turn, yields: try urgentWork(before: work))
        if case .stored = step { unfinished = nil } else { unfinished = work.account.id }
        return try store.release(work)
    }

    /// Asks whether something waits that is more urgent than this account's history.
    private func urgentWork(before work: ClaimedRun) throws -> () throws -> Bool {
        let part = try store.historyPart(of: work)
        return { [store] in try store.hasUrgentWork(before: part) }
    }
}

@available(*, unavailable)
extension SyncWorker: Sendable {}
