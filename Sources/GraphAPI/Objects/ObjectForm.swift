internal import Model

/// How a level's objects are requested and read.
struct ObjectForm {
    let fields: [String]
    /// Without any of the first `needed` a row is of no use: its own id, and those of its parents.
    let needed: Int
    let read: (inout WireRow, _ currency: String) throws(UnusableRow) -> MirroredObject

    static func of(_ level: Level) -> ObjectForm {
        switch level {
        case .campaign: campaigns
        case .adSet: adSets
        case .ad: ads
        }
    }

    private static var campaigns: ObjectForm {
        ObjectForm(fields: CampaignObject.fields, needed: 1) { row, currency throws(UnusableRow) in
            .campaign(try CampaignObject.read(&row, currency: currency))
        }
    }
    private static var adSets: ObjectForm {
        ObjectForm(fields: AdSetObject.fields, needed: 2) { row, currency throws(UnusableRow) in
            .adSet(try AdSetObject.read(&row, currency: currency))
        }
    }
    private static var ads: ObjectForm {
        ObjectForm(fields: AdObject.fields, needed: 3) { row, _ throws(UnusableRow) in
            .ad(try AdObject.read(&row))
        }
    }
}
