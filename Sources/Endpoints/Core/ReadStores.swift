internal import Store

/// Where reads go: to a replica, as long as there is one that answers and is not behind; else to the primary.
final class ReadStores {
    private let primary: Store
    private let replica: Store?
    private let environment: Endpoints.Environment
    /// Seconds for which a replica that failed is left alone.
    private static let rest = 5.0
    private var replicaRestsUntil = -Double.infinity

    /// - Parameter replica: `nil` when reads go to the primary.
    init(primary: Store, replica: Store?, environment: Endpoints.Environment) {
        self.primary = primary
        self.replica = replica
        self.environment = environment
    }

    /// - Parameters:
    ///   - isCurrent: whether rows are as new as they have to be.
    ///   - read: reads them; `nil` when the account is not there.
    /// - Returns: rows that may be older than they have to be when the primary is away.
    func rows(
        where isCurrent: (AnswerRows) -> Bool,
        _ read: (Store) throws -> AnswerRows?
    ) throws -> AnswerRows? {
        guard let replica, environment.now() >= replicaRestsUntil else { return try read(primary) }
        let older: AnswerRows?
        do {
            older = try read(replica)
            if let older, isCurrent(older) { return older }
        } catch let error as any StoreError where error.isUnavailable {
            leaveReplica(because: error)
            // This caller has waited long enough. The next one does not have to wait, and the primary is not affected.
            if error.isTimeout { throw RequestError.databaseUnavailable }
            return try read(primary)
        } catch let error as Schema.Mismatch {
            leaveReplica(because: error)
            return try read(primary)
        }
        do {
            let rows = try read(primary)
            older?.cancel()
            return rows
        } catch let error as any StoreError where error.isUnavailable && older != nil {
            return older
        }
    }

    private func leaveReplica(because error: any Error) {
        environment.log("reads use the primary database: \(error)")
        replicaRestsUntil = environment.now() + Self.rest
    }
}
