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

enum AccountObject {
    static let fields = ["account_id", "currency", "timezone_name", "name", "account_status"]
    /// Without a currency budgets are wrong, without a time zone the days are.
    static let needed = 3

    /// An account without a currency, or whose time zone cannot be read, is of no use: with a guess, budgets or days would
    /// be wrong.
    /// - Parameters:
    ///   - askedID: of the account that was asked for; `nil` in a list.
    ///   - known: the account as it was before; fields that cannot be read stay so.
    static func read(
        _ row: inout Row,
        askedID: String? = nil,
        known: AccountSummary? = nil
    ) throws(UnusableRow) -> AccountSummary {
        let id = if let askedID { askedID } else { try row.requiredID("account_id") }
        guard let currency = row.word("currency") ?? known?.currency else { throw row.unusable("currency") }
        let timeZone = row.word("timezone_name") ?? known?.timeZone
        if timeZone == nil, row.value("timezone_name") != nil { throw row.unusable("timezone_name") }
        return AccountSummary(
            facebookID: id,
            name: row.name("name") ?? known?.name ?? "",
            currency: currency,
            timeZone: timeZone ?? "UTC",
            status: row.status()
        )
    }

    /// Meta, Marketing API, ad account, `accountStatus`. A number that it does not list passes through.
    fileprivate static let statuses = [
        "1": "ACTIVE", "2": "DISABLED", "3": "UNSETTLED", "7": "PENDING_RISK_REVIEW", "8": "PENDING_SETTLEMENT",
        "9": "IN_GRACE_PERIOD", "100": "PENDING_CLOSURE", "101": "CLOSED",
    ]
}

extension Row {
    fileprivate mutating func status() -> String? {
        name("account_status").map { AccountObject.statuses[$0] ?? $0 }
    }
}
