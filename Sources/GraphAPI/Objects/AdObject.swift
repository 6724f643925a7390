internal import Model

enum AdObject {
    /// Of the creative only what is cheap: its story is what makes pages of ads too large.
    static let fields = [
        "id", "adset_id", "campaign_id", "name", "status", "effective_status", "issues_info", "ad_review_feedback",
        "created_time", "updated_time", "creative{id,object_type}",
    ]

    static func read(_ row: inout WireRow) throws(UnusableRow) -> Ad {
        let id = try row.requiredID("id")
        let (status, effectiveStatus) = row.statuses()
        var ad = Ad(
            id: id,
            adSetID: row.id("adset_id"),
            campaignID: row.id("campaign_id"),
            name: row.name("name") ?? "",
            status: status,
            effectiveStatus: effectiveStatus,
            format: nil,
            createdAt: row.time("created_time"),
            updatedAt: row.time("updated_time")
        )
        ad.issues = row.issues()
        ad.reviewFeedback = row.reviewFeedback()
        row.member("creative") { creative in
            ad.format = creative.optionalWord("object_type").map { formats[$0] ?? $0 }
            ad.creativeID = creative.id("id")
            return ()
        }
        ad.gaps = row.gaps
        return ad
    }

    /// `AdCreative.objectType` in the words that people use; others pass through.
    private static let formats = ["PHOTO": "IMAGE", "SHARE": "LINK"]
}

extension ObjectForm {
    static var ads: ObjectForm {
        ObjectForm(fields: AdObject.fields, needed: 3) { row, _ throws(UnusableRow) in
            .ad(try AdObject.read(&row))
        }
    }
}
