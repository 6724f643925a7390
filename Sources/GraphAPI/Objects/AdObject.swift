internal import Model

struct AdObject: Decodable {
    /// Of the creative only what is cheap: its story is what makes pages of ads too large.
    static let fields = """
        id,adset_id,campaign_id,name,status,effective_status,created_time,updated_time,creative{id,object_type}
        """

    var id: FlexibleText
    var adset_id: FlexibleText
    var campaign_id: FlexibleText
    var name: FlexibleText?
    var status: String?
    var effective_status: String?
    var creative: CreativeObject?
    var created_time: String?
    var updated_time: String?

    struct CreativeObject: Decodable {
        var object_type: String?
    }

    func model() throws -> Ad {
        Ad(
            id: try objectID(id),
            adSetID: try objectID(adset_id),
            campaignID: try objectID(campaign_id),
            name: name?.text ?? "",
            status: status ?? "UNKNOWN",
            effectiveStatus: effective_status ?? status ?? "UNKNOWN",
            format: creative?.object_type.map { Self.formats[$0] ?? $0 },
            createdAt: created_time.flatMap { Timestamp($0) },
            updatedAt: updated_time.flatMap { Timestamp($0) }
        )
    }

    /// `AdCreative.object_type` in the words that people use; others pass through.
    private static let formats = ["PHOTO": "IMAGE", "SHARE": "LINK"]
}
