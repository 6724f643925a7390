package import Model

/// An ad account as Facebook returns it.
package struct AccountSummary: Sendable, Equatable {
    /// Without `act_`.
    package var facebookID: String
    package var name: String
    package var currency: String
    package var timeZone: String
    package var status: String?
    package var money = AccountMoney()
    package var gaps = Gaps()

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
    /// Of an account that is read by itself.
    static let ownFields = fields + moneyFields
    fileprivate static let moneyFields = ["balance", "amount_spent", "spend_cap", "disable_reason"]
    /// Without a currency budgets are wrong, without a time zone the days are.
    static let needed = 3

    /// An account without a currency, or whose time zone cannot be read, is of no use: with a guess, budgets or days would
    /// be wrong.
    /// - Parameters:
    ///   - askedID: of the account that was asked for; `nil` in a list.
    ///   - known: the account as it was before; fields that cannot be read stay so.
    static func read(
        _ row: inout WireRow,
        askedID: String? = nil,
        known: AccountSummary? = nil
    ) throws(UnusableRow) -> AccountSummary {
        let id = if let askedID { askedID } else { try row.requiredID("account_id", mostDigits: AdAccount.mostDigits) }
        let currency = row.currency("currency")
        let timeZone = row.word("timezone_name")
        if let askedID {
            let returnedID = self.id(of: row)
            if let returnedID, returnedID != askedID { throw row.unusable("account_id") }
            // `{}` and `{"success": false}` are no accounts.
            if returnedID == nil, currency == nil, timeZone == nil { throw row.unusable(nil) }
        }
        guard let currency = currency ?? known?.currency else { throw row.unusable("currency") }
        if timeZone == nil, known == nil, row.value("timezone_name") != nil { throw row.unusable("timezone_name") }
        var account = AccountSummary(
            facebookID: id,
            name: row.name("name") ?? known?.name ?? "",
            currency: currency,
            timeZone: timeZone ?? known?.timeZone ?? "UTC",
            status: row.status()
        )
        account.money = row.money(currency)
        account.gaps = row.gaps
        return account
    }

    /// The account that an answer is about; `nil` when it does not say so in a form that can be read.
    private static func id(of row: WireRow) -> String? {
        if let id = row.value("account_id").flatMap(WireRow.id) { return id }
        guard case .text(let text) = row.value("id"), text.hasPrefix("act_") else { return nil }
        return WireRow.id(.text(String(text.dropFirst(4))))
    }

    /// Meta, Marketing API, ad account, `accountStatus`. A number that it does not list passes through.
    fileprivate static let statuses = [
        "1": "ACTIVE", "2": "DISABLED", "3": "UNSETTLED", "7": "PENDING_RISK_REVIEW", "8": "PENDING_SETTLEMENT",
        "9": "IN_GRACE_PERIOD", "100": "PENDING_CLOSURE", "101": "CLOSED",
    ]

    /// The same page, `disableReason`. 0 is none.
    fileprivate static let disableReasons = [
        "1": "ADS_INTEGRITY_POLICY", "2": "ADS_IP_REVIEW", "3": "RISK_PAYMENT", "4": "GRAY_ACCOUNT_SHUT_DOWN",
        "5": "ADS_AFC_REVIEW", "6": "BUSINESS_INTEGRITY_RAR", "7": "PERMANENT_CLOSE", "8": "UNUSED_RESELLER_ACCOUNT",
        "9": "UNUSED_ACCOUNT", "10": "UMBRELLA_AD_ACCOUNT", "11": "BUSINESS_MANAGER_INTEGRITY_POLICY",
        "12": "MISREPRESENTED_AD_ACCOUNT", "13": "AOAB_DESHARE_LEGAL_ENTITY", "14": "CTX_THREAD_REVIEW",
        "15": "COMPROMISED_AD_ACCOUNT",
    ]
}

extension WireRow {
    fileprivate mutating func status() -> String? {
        name("account_status").map { AccountObject.statuses[$0] ?? $0 }
    }

    fileprivate mutating func money(_ currency: String) -> AccountMoney {
        var money = AccountMoney(
            balance: minorUnits("balance", currency),
            amountSpent: minorUnits("amount_spent", currency),
            // "0" is no cap.
            spendCap: budget("spend_cap", currency),
            disableReason: readOptional("disable_reason", Self.text)
                .flatMap { $0 == "0" ? nil : ListText.word($0) }.map { AccountObject.disableReasons[$0] ?? $0 }
        )
        money.unknown = refusedFields.union(gaps.unknown).intersection(AccountObject.moneyFields)
        return money
    }
}
