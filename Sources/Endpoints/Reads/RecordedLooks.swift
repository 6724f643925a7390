internal import Model
internal import Store

/// The looks at levels of accounts that a responder has recorded, so that it records each once in 12 hours.
struct RecordedLooks {
    private struct Look: Hashable {
        let account: AdAccount.ID
        let level: Level
    }

    /// When each is to be recorded again.
    private var dueAt: [Look: Double] = [:]
    private static let most = 10_000
    /// Seconds after which a look that could not be recorded is tried again.
    private static let pause = 60.0

    /// - Parameter record: records the look.
    /// - Throws: what `record` throws.
    mutating func note(_ level: Level, _ account: AdAccount.ID, now: Double, record: () throws -> Void) rethrows {
        let look = Look(account: account, level: level)
        guard now >= dueAt[look] ?? -.infinity else { return }
        if dueAt.count >= Self.most { dueAt = [:] }
        dueAt[look] = now + Self.pause
        try record()
        dueAt[look] = now + Store.lookInterval
    }
}

extension Endpoints {
    /// Records that somebody reads objects of a level, for which syncs then read what costs extra calls. The reader has an answer
    /// even if this fails.
    func noteLook(at kind: AnswerKind, of account: AdAccount.ID) {
        guard let level = AnswerTable.all.first(where: { $0.kind == kind })?.level else { return }
        do {
            try looks.note(level, account, now: environment.now()) { try store.recordLook(at: level, of: account) }
        } catch {
            environment.log("a look at \(level.plural) was not recorded: \(error)")
        }
    }
}
