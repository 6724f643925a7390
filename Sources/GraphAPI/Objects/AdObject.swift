internal import Model

struct AdObject: Decodable {
    /// Of the creative only what is cheap: its story is what makes pages of ads too large.
    static let fields = [
        "id", "adset_id", "campaign_id", "name", "status", "effective_status", "created_time", "updated_time",
        "creative{id,object_type}",
    ]

    var id: FlexibleText
    var adsetID: FlexibleText
    var campaignID: FlexibleText
    var name: FlexibleText?
    var status: String?
    var effectiveStatus: String?
    var creative: CreativeObject?
    var createdTime: String?
    var updatedTime: String?

    enum CodingKeys: String, CodingKey {
        case id
        case adsetID = "adset_id"
        case campaignID = "campaign_id"
        case name
        case status
        case effectiveStatus = "effective_status"
        case creative
        case createdTime = "created_time"
        case updatedTime = "updated_time"
    }

    struct CreativeObject: Decodable {
        var objectType: String?

        enum CodingKeys: String, CodingKey {
            case objectType = "object_type"
        }
    }

    func model() throws -> Ad {
        Ad(
            id: try objectID(id),
            adSetID: try objectID(adsetID),
            campaignID: try objectID(campaignID),
            name: name?.text ?? "",
            status: status ?? "UNKNOWN",
            effectiveStatus: effectiveStatus ?? status ?? "UNKNOWN",
            format: creative?.objectType.map { Self.formats[$0] ?? $0 },
            createdAt: createdTime.flatMap { Timestamp($0) },
            updatedAt: updatedTime.flatMap { Timestamp($0) }
        )
    }

    /// `AdCreative.objectType` in the words that people use; others pass through.
    private static let formats = ["PHOTO": "IMAGE", "SHARE": "LINK"]
}
