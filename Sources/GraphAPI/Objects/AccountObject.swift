/// What Facebook tells of an ad account.
package struct AccountSummary: Sendable, Equatable {
    /// Without `act_`.
    package var facebookID: String
    package var name: String
    package var currency: String
    package var timeZone: String
    package var status: String?

    package init(facebookID: String, name: String, currency: String, timeZone: String, status: String?) {
        self.facebookID = facebookID
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
        self.status = status
    }
}

struct AccountObject: Decodable {
    static let fields = ["account_id", "currency", "timezone_name", "name", "account_status"]
    /// Without a currency budgets are wrong, without a time zone the days are.
    static let needed = 3

    var accountID: FlexibleText
    var name: FlexibleText?
    var accountStatus: FlexibleText?
    var currency: FlexibleText?
    var timezoneName: FlexibleText?

    enum CodingKeys: String, CodingKey {
        case accountID = "account_id"
        case name
        case accountStatus = "account_status"
        case currency
        case timezoneName = "timezone_name"
    }

    func summary() throws -> AccountSummary {
        // Guessing a currency would make budgets wrong by a factor of 100.
        guard let currency else {
            throw GraphError(kind: .transient, status: 200, message: "Facebook told no currency of the ad account")
        }
        return AccountSummary(
            facebookID: try objectID(accountID),
            name: name?.text ?? "",
            currency: currency.text,
            timeZone: timezoneName?.text ?? "UTC",
            status: accountStatus.map { Self.statuses[$0.text] ?? $0.text }
        )
    }

    /// Meta, Marketing API, ad account, `accountStatus`. A number that it does not list passes through.
    private static let statuses = [
        "1": "ACTIVE", "2": "DISABLED", "3": "UNSETTLED", "7": "PENDING_RISK_REVIEW", "8": "PENDING_SETTLEMENT",
        "9": "IN_GRACE_PERIOD", "100": "PENDING_CLOSURE", "101": "CLOSED",
    ]
}
