internal import ASCII

/// A Facebook ad account that AdMirror mirrors.
package struct AdAccount: Sendable, Equatable {
    /// The account's own id: a UUID in lower case.
    package struct ID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package var description: String { rawValue }
    }

    package var id: ID
    /// Digits in Facebook's id of an account. `ad_accounts` holds no longer ones.
    package static let mostDigits = 20

    /// Without `act_`.
    package var facebookID: String
    package var name: String
    /// ISO 4217; `nil` until the first sync.
    package var currency: String?
    /// The zone in which its days are counted, by PostgreSQL's name; UTC when Facebook's is unknown there.
    package var timeZone: String
    /// Facebook's name of it.
    package var facebookTimeZone: String

    package init(
        id: ID,
        facebookID: String,
        name: String,
        currency: String?,
        timeZone: String,
        facebookTimeZone: String
    ) {
        self.id = id
        self.facebookID = facebookID
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
        self.facebookTimeZone = facebookTimeZone
    }

    /// Whether its days are UTC days because PostgreSQL does not know Facebook's name of the zone. Zones that are UTC
    /// under another name are included.
    package var mayHaveUnknownTimeZone: Bool { timeZone == "UTC" && facebookTimeZone != "UTC" }
}

/// What Facebook says about an account's money, in the major unit of its currency.
package struct AccountMoney: Sendable, Equatable {
    /// What is owed to Facebook.
    package var balance: Amount?
    /// What was spent since the spending limit was last set to zero.
    package var amountSpent: Amount?
    /// The most that may be spent; `nil` for no limit.
    package var spendCap: Amount?
    /// Why Facebook has stopped the account, in its words.
    package var disableReason: String?
    /// Fields, in Facebook's spelling, that it refused to return or that cannot be read. They stay as they were.
    package var unknown: Set<String> = []

    package init(
        balance: Amount? = nil,
        amountSpent: Amount? = nil,
        spendCap: Amount? = nil,
        disableReason: String? = nil
    ) {
        self.balance = balance
        self.amountSpent = amountSpent
        self.spendCap = spendCap
        self.disableReason = disableReason
    }
}

/// A reference to an account: AdMirror's id, or Facebook's with or without `act_`.
package struct AccountReference: Sendable, Equatable {
    package private(set) var id: AdAccount.ID?
    package private(set) var facebookID: String?

    /// A text that can be neither names no account; looking it up finds none.
    package init(_ text: String) {
        let digits = text.hasPrefix("act_") ? text.dropFirst(4) : text[...]
        if (1...AdAccount.mostDigits).contains(digits.utf8.count)
            && digits.isDigits
        {
            facebookID = String(digits)
        } else if text.isUUID {
            id = AdAccount.ID(rawValue: text.lowercased())
        }
    }
}
