internal import Model
internal import Store

extension Endpoints {
    /// The names of the parts of an account in answers: objects, totals, days.
    static let objectParts: [(name: StaticString, level: Level)] = [
        ("campaigns", .campaign), ("adSets", .adSet), ("ads", .ad),
    ]
    static let totalsParts: [(name: StaticString, level: Level)] = [
        ("campaignTotals", .campaign), ("adSetTotals", .adSet), ("adTotals", .ad),
    ]

    /// Writes the age and the gaps of each part of an account.
    static func write(_ parts: SyncParts, to object: inout JSONWriter) {
        for (name, level) in objectParts {
            object.member(name) { write(parts.objects[level] ?? SyncParts.Part(), to: &$0) }
        }
        for (name, level) in totalsParts {
            let totals = parts.totals[level] ?? SyncParts.Results()
            object.member(name) { object in
                write(totals.part, to: &object)
                write(totals.days, to: &object)
                object.list("missingCampaigns") { list in
                    for id in totals.missingCampaigns { list.value(id) }
                }
            }
        }
        object.member("accountDays") { object in
            write(parts.accountDays.part, to: &object)
            write(parts.accountDays.days, to: &object)
        }
        object.member("adDays") { object in
            write(parts.adDays.part, to: &object)
            write(parts.adDays.days, to: &object)
            object.list("missing") { list in
                for days in parts.adDays.missing {
                    list.object { object in
                        write(days.days, to: &object)
                        object.member("state", days.state.rawValue)
                        object.member("error", days.error)
                        object.list("campaigns") { list in
                            for id in days.campaigns { list.value(id) }
                        }
                    }
                }
            }
        }
    }

    private static func write(_ part: SyncParts.Part, to object: inout JSONWriter) {
        object.member("syncedAt", part.syncedAt)
        object.member("error", part.error)
    }

    private static func write(_ days: DayRange?, to object: inout JSONWriter) {
        object.member("from", days?.since.description)
        object.member("to", days?.until.description)
    }
}
