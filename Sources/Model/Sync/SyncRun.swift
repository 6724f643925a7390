/// One sync of one account, from its request on.
package struct SyncRun: Sendable, Equatable {
    /// A UUID.
    package struct ID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package var description: String { rawValue }
    }

    /// What requested it.
    package enum Trigger: String, Sendable, CaseIterable {
        case read
        case cron
        case manual
        case cli
    }

    package enum Outcome: String, Sendable, CaseIterable {
        case done
        case failed
        case interrupted
    }

    /// The steps of a run, in their order.
    package enum Phase: String, Sendable, CaseIterable {
        case account
        case campaigns
        case adSets
        case ads
        case insights
        case saving
        /// Days of ads that are read after runs. It is the step of a child that reads history; runs of older versions had it.
        case history
    }
}

/// Why, and how long, nothing syncs an account by itself.
package struct Hold: Sendable, Equatable {
    package enum Reason: String, Sendable, CaseIterable {
        /// Facebook's rate limit is reached. No call is allowed, however urgent.
        case rateLimited = "RATE_LIMITED"
        /// Facebook no longer accepts the token. Lasts until another one is set.
        case tokenExpired = "TOKEN_EXPIRED"
        /// The last run failed; a person may try sooner.
        case retryLater = "RETRY_LATER"
    }

    package var reason: Reason
    /// Seconds from now; infinite when only a person can end it.
    package var secondsLeft: Double

    package init(reason: Reason, secondsLeft: Double) {
        self.reason = reason
        self.secondsLeft = secondsLeft
    }
}

/// The progress of a run.
package struct SyncProgress: Sendable, Equatable {
    package var phase: SyncRun.Phase
    /// Rows of the phase so far.
    package var done: Int
    /// Total rows of the phase; 0 if Facebook has not returned it.
    package var total: Int
    /// Of the whole run, 0…99; only a finished run is at 100.
    package var percent: Int

    package init(phase: SyncRun.Phase, done: Int = 0, total: Int = 0, percent: Int = 0) {
        self.phase = phase
        self.done = done
        self.total = total
        self.percent = percent
    }
}
