internal import Model

struct CampaignObject: Decodable {
    static let fields = [
        "id", "name", "status", "effective_status", "objective", "daily_budget", "lifetime_budget", "bid_strategy",
        "start_time", "stop_time", "created_time", "updated_time",
    ]

    var id: FlexibleText
    var name: FlexibleText?
    var status: String?
    var effectiveStatus: String?
    var objective: String?
    var dailyBudget: FlexibleText?
    var lifetimeBudget: FlexibleText?
    var bidStrategy: String?
    var startTime: String?
    var stopTime: String?
    var createdTime: String?
    var updatedTime: String?

    enum CodingKeys: String, CodingKey {
        case id
        case name
        case status
        case effectiveStatus = "effective_status"
        case objective
        case dailyBudget = "daily_budget"
        case lifetimeBudget = "lifetime_budget"
        case bidStrategy = "bid_strategy"
        case startTime = "start_time"
        case stopTime = "stop_time"
        case createdTime = "created_time"
        case updatedTime = "updated_time"
    }

    func model(currency: String) throws -> Campaign {
        Campaign(
            id: try objectID(id),
            name: name?.text ?? "",
            status: status ?? "UNKNOWN",
            effectiveStatus: effectiveStatus ?? status ?? "UNKNOWN",
            objective: objective,
            dailyBudget: try budget(dailyBudget, currency),
            lifetimeBudget: try budget(lifetimeBudget, currency),
            bidStrategy: bidStrategy,
            startsAt: startTime.flatMap { Timestamp($0) },
            endsAt: stopTime.flatMap { Timestamp($0) },
            createdAt: createdTime.flatMap { Timestamp($0) },
            updatedAt: updatedTime.flatMap { Timestamp($0) }
        )
    }
}

/// A budget in minor units. `"0"` stands for "this kind of budget is not used", as an absent one does.
/// A text that is no such number is an error, not an object without a budget.
func budget(_ value: FlexibleText?, _ currency: String) throws -> Money? {
    guard let value else { return nil }
    guard let budget = Money(minorUnits: value.text, currency: currency) else { throw unreadable("budget") }
    return budget == .zero ? nil : budget
}

/// A number that Facebook did not send as one. It may be better the next time.
func unreadable(_ field: String) -> GraphError {
    GraphError(kind: .transient, status: 200, message: "Facebook sent a \(field) that is no number")
}

/// An object's id: digits, or the page is not what it should be.
func objectID(_ value: FlexibleText) throws -> String {
    guard (1...25).contains(value.text.utf8.count), value.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
        throw GraphError(kind: .transient, status: 200, message: "Facebook sent an object without a proper id")
    }
    return value.text
}
