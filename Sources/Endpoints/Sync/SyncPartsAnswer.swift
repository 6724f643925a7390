internal import Model
internal import Store

/// The age and the gaps of each part of an account: objects, totals, days.
enum SyncPartsAnswer {
    static func members(of parts: SyncParts) -> NamedMembers {
        var members: [(name: String, value: any Encodable)] = []
        for level in Level.allCases {
            members.append((level.objectsMember, Objects(parts.objects[level] ?? SyncParts.Part())))
        }
        for level in Level.allCases {
            members.append((level.totalsMember, Totals(parts.totals[level] ?? SyncParts.Results())))
        }
        members.append(("accountDays", AccountDays(parts.accountDays)))
        members.append(("adDays", AdDays(parts.adDays)))
        return NamedMembers(members: members)
    }
}

extension SyncPartsAnswer {
    private struct Objects: Encodable {
        let syncedAt: String?
        let error: String?

        init(_ part: SyncParts.Part) {
            syncedAt = part.syncedAt
            error = part.error
        }
    }

    private struct Totals: Encodable {
        let syncedAt: String?
        let error: String?
        let from: String?
        let to: String?
        let missingCampaigns: [String]

        init(_ totals: SyncParts.Results) {
            syncedAt = totals.part.syncedAt
            error = totals.part.error
            from = totals.days?.since.description
            to = totals.days?.until.description
            missingCampaigns = totals.missingCampaigns
        }
    }

    private struct AccountDays: Encodable {
        let syncedAt: String?
        let error: String?
        let from: String?
        let to: String?

        init(_ days: SyncParts.Results) {
            syncedAt = days.part.syncedAt
            error = days.part.error
            from = days.days?.since.description
            to = days.days?.until.description
        }
    }

    private struct AdDays: Encodable {
        struct Missing: Encodable {
            let from: String
            let to: String
            let state: String
            let error: String?
            let campaigns: [String]

            init(_ days: SyncParts.MissingDays) {
                from = days.days.since.description
                to = days.days.until.description
                state = days.state.rawValue
                error = days.error
                campaigns = days.campaigns
            }
        }

        let syncedAt: String?
        let error: String?
        let from: String?
        let to: String?
        let missing: [Missing]
        let filling: Filling?

        struct Filling: Encodable {
            let from: String
            let to: String
        }

        init(_ days: SyncParts.AdDays) {
            syncedAt = days.part.syncedAt
            error = days.part.error
            from = days.days?.since.description
            to = days.days?.until.description
            missing = days.missing.map(Missing.init)
            filling = days.unfilled.map { Filling(from: $0.since.description, to: $0.until.description) }
        }
    }
}
