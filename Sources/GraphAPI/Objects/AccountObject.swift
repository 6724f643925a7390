/// What Facebook tells of an ad account.
package struct AccountSummary: Sendable, Equatable {
    /// Without `act_`.
    package var facebookID: String
    package var name: String
    package var currency: String
    package var timeZone: String
    package var status: String?
}

struct AccountObject: Decodable {
    static let fields = "account_id,name,account_status,currency,timezone_name"

    var account_id: FlexibleText
    var name: FlexibleText?
    var account_status: FlexibleText?
    var currency: String?
    var timezone_name: String?

    var summary: AccountSummary {
        AccountSummary(
            facebookID: account_id.text,
            name: name?.text ?? "",
            currency: currency ?? "USD",
            timeZone: timezone_name ?? "UTC",
            status: account_status.map { Self.statuses[$0.text] ?? $0.text }
        )
    }

    /// Meta, Marketing API, ad account, `account_status`. A number that it does not list passes through.
    private static let statuses = [
        "1": "ACTIVE", "2": "DISABLED", "3": "UNSETTLED", "7": "PENDING_RISK_REVIEW", "8": "PENDING_SETTLEMENT",
        "9": "IN_GRACE_PERIOD", "100": "PENDING_CLOSURE", "101": "CLOSED",
    ]
}
