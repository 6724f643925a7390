package import Model
internal import Postgres

// What one child leaves to the next about an account's history.

extension Store {
    /// A sign of life of a child at work.
    /// - Parameter progressed: something came from Facebook.
    func noteHistory(_ work: ClaimedRun, progressed: Bool) throws {
        try connection.execute(
            """
            UPDATE history_backlogs SET heartbeat_at = now(),
                progressed_at = CASE WHEN \(progressed)::boolean THEN now() ELSE progressed_at END
            WHERE ad_account_id = \(work.account.id)::uuid AND claim = \(work.id)::uuid
            """
        )
    }

    /// The most days in the account's next slice, and how many days in a row could not be read.
    package func historyLimits(of account: AdAccount.ID) throws -> (sliceDays: Int?, failures: Int) {
        try connection.firstRow(
            "SELECT slice_days, failures FROM history_backlogs WHERE ad_account_id = \(account)::uuid"
        ) { (sliceDays: $0.optionalInteger(0), failures: try $0.integer(1)) } ?? (nil, 0)
    }

    /// Remembers for the next child that slices of the account have to be smaller, or that days cannot be read.
    package func remember(sliceDays: Int?, failures: Int, _ account: AdAccount.ID) throws {
        try connection.execute(
            """
            UPDATE history_backlogs SET slice_days = \(sliceDays)::int, failures = \(failures)::int
            WHERE ad_account_id = \(account)::uuid
            """
        )
    }
}
