package import Model
internal import Postgres

/// How completely a level's objects were listed.
package struct ListingState: Sendable, Equatable {
    package var level: Level
    /// Objects that Facebook counts and does not list.
    package var unlisted: Int
    /// Stored objects that are no longer listed. They stay as they are until other evidence confirms that they are deleted.
    package var unconfirmed: Int
    /// Whether the last reading was complete.
    package var isComplete: Bool
}

extension Store {
    /// How many objects of each level are stored, deleted ones included.
    package func storedObjects(of account: AdAccount.ID) throws -> [Level: Int] {
        var counts: [Level: Int] = [:]
        for level in Level.allCases {
            counts[level] = try connection.firstRow(
                "SELECT count(*) FROM \(raw: Mirror.of(level).table) WHERE ad_account_id = \(account)::uuid"
            ) { try $0.integer(0) }
        }
        return counts
    }

    /// Whether any ad of the account is known, those that wait for their commit included.
    package func hasAds(_ account: AdAccount.ID) throws -> Bool {
        try connection.firstRow(
            """
            SELECT EXISTS (SELECT FROM creatives WHERE ad_account_id = \(account)::uuid)
                OR EXISTS (SELECT FROM staged_ads WHERE ad_account_id = \(account)::uuid)
            """
        ) { try $0.boolean(0) } ?? false
    }

    /// For each level how completely its objects were last listed.
    package func listingStates(of account: AdAccount.ID) throws -> [ListingState] {
        var states = Level.allCases.map { ListingState(level: $0, unlisted: 0, unconfirmed: 0, isComplete: true) }
        try connection.forEachRow(
            """
            SELECT list, unlisted, unconfirmed, doubtful_readings = 0 FROM sync_lists
            WHERE ad_account_id = \(account)::uuid
            """
        ) { row in
            let list = try row.text(0)
            guard let place = states.firstIndex(where: { SyncList.objects($0.level).rawValue == list }) else { return }
            states[place].unlisted = try row.integer(1)
            states[place].unconfirmed = try row.integer(2)
            states[place].isComplete = try row.boolean(3)
        }
        return states
    }
}
