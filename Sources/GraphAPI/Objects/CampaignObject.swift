internal import Model

struct CampaignObject: Decodable {
    static let fields = """
        id,name,status,effective_status,objective,daily_budget,lifetime_budget,created_time,updated_time
        """

    var id: FlexibleText
    var name: FlexibleText?
    var status: String?
    var effective_status: String?
    var objective: String?
    var daily_budget: FlexibleText?
    var lifetime_budget: FlexibleText?
    var created_time: String?
    var updated_time: String?

    func model(currency: String) throws -> Campaign {
        Campaign(
            id: try objectID(id),
            name: name?.text ?? "",
            status: status ?? "UNKNOWN",
            effectiveStatus: effective_status ?? status ?? "UNKNOWN",
            objective: objective,
            dailyBudget: budget(daily_budget, currency),
            lifetimeBudget: budget(lifetime_budget, currency),
            createdAt: created_time.flatMap { Timestamp($0) },
            updatedAt: updated_time.flatMap { Timestamp($0) }
        )
    }
}

/// A budget in minor units. `"0"` stands for "this kind of budget is not used", as an absent one does.
func budget(_ value: FlexibleText?, _ currency: String) -> Money? {
    value.flatMap { Money(minorUnits: $0.text, currency: currency) }.flatMap { $0 == .zero ? nil : $0 }
}

/// An object's id: digits, or the page is not what it should be.
func objectID(_ value: FlexibleText) throws -> String {
    guard (1...25).contains(value.text.utf8.count), value.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw GraphError(kind: .transient, status: 200, message: "Facebook sent an object without a proper id")
    }
    return value.text
}
