internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    /// GET /api/ad-accounts: what the sender of the request may see, with the sums of some days for an overview. It differs
    /// from person to person and shows the state of syncs, so no shared cache keeps it.
    func listAdAccounts(_ request: HTTPRequest) throws -> HTTPResponse {
        let admission = try admit(request)
        let bounds = try DayBounds(try Parameters(request, of: .adAccounts))
        let accounts = try store.adAccounts(of: admission.userID)
        let totals = try store.accountTotals(
            for: admission.userID,
            from: (bounds.from?.day(nil), bounds.from?.moment),
            to: (bounds.to?.day(nil), bounds.to?.moment)
        )
        for totals in totals.values { try DayBounds.check(totals.days.since, totals.days.until) }
        let body = JSONEncoding.bytes(
            of: AdAccountList(
                adAccounts: accounts.map {
                    AdAccountAnswer($0, totals[$0.account.id], interval: environment.syncInterval)
                }
            )
        )
        let response = HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "application/json; charset=utf-8", "Cache-Control": "private, no-cache",
                "Vary": "Authorization, Cookie, Accept-Encoding",
            ]
        )
        return body.withUnsafeBufferPointer { bodies.encode(response, $0, for: request) }
    }
}

private struct AdAccountList: Encodable {
    let adAccounts: [AdAccountAnswer]
}

private struct AdAccountAnswer: Encodable {
    let id: String
    let facebookID: String
    let name: String?
    let currency: String?
    let timeZone: String?
    let status: String?
    let syncStatus: String
    let syncError: String?
    let lastSyncedAt: String?
    let fresh: Bool
    let role: String?
    let tokenExpiresAt: String?
    let tokenProblem: String?
    let hold: String?
    let heldUntil: String?
    let conversionEvent: String
    let disableReason: String?
    let balance: JSONNumber?
    let amountSpent: JSONNumber?
    let spendCap: JSONNumber?
    let totals: OmittedIfNil<NamedMembers>

    private enum CodingKeys: String, CodingKey {
        // The order of the members in the answer.
        case id
        case facebookID = "facebook_id"
        case name, currency
        case timeZone = "time_zone"
        case status
        case syncStatus = "sync_status"
        case syncError = "sync_error"
        case lastSyncedAt = "last_synced_at"
        case fresh, role
        case tokenExpiresAt = "token_expires_at"
        case tokenProblem = "token_problem"
        case hold
        case heldUntil = "held_until"
        case conversionEvent
        case disableReason = "disable_reason"
        case balance
        case amountSpent = "amount_spent"
        case spendCap = "spend_cap"
        case totals
    }

    init(_ row: AdAccountRow, _ totals: AccountTotals?, interval: Int) {
        id = row.account.id.rawValue
        facebookID = row.account.facebookID
        name = row.account.name
        currency = row.account.currency
        timeZone = row.account.timeZone
        status = row.status
        syncStatus = row.syncStatus
        syncError = row.syncError
        lastSyncedAt = row.lastSyncedAt
        fresh = SyncState(age: row.age).isFresh(interval: interval)
        role = row.role?.rawValue
        tokenExpiresAt = row.tokenState.expiresAt
        tokenProblem = row.tokenState.problem
        hold = row.hold?.rawValue
        heldUntil = row.heldUntil
        conversionEvent = row.conversionEvent?.name ?? ConversionEvent.standard
        disableReason = row.money.disableReason
        balance = row.money.balance.map { JSONNumber(text: $0.description) }
        amountSpent = row.money.amountSpent.map { JSONNumber(text: $0.description) }
        spendCap = row.money.spendCap.map { JSONNumber(text: $0.description) }
        self.totals = OmittedIfNil(totals.map(Self.members))
    }

    private static func members(of totals: AccountTotals) -> NamedMembers {
        let metrics = totals.metrics.map { metric in
            let value: any Encodable = metric.isText ? metric.value : metric.value.map(JSONNumber.init)
            return (name: metric.name, value: value)
        }
        return NamedMembers(
            members: [
                ("date_start", totals.days.since.description), ("date_end", totals.days.until.description),
            ] + metrics + [("coverage", CoverageAnswer(totals.coverage))]
        )
    }
}
