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
        for totals in totals.values { try bounds.check(totals.days.since, totals.days.until) }
        var writer = JSONWriter()
        writer.object { object in
            object.list("adAccounts") { list in
                for row in accounts {
                    list.object { write(row, totals[row.account.id], to: &$0) }
                }
            }
        }
        let response = HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "application/json; charset=utf-8", "Cache-Control": "private, no-cache",
                "Vary": "Authorization, Cookie, Accept-Encoding",
            ]
        )
        return writer.bytes.withUnsafeBufferPointer { bodies.encode(response, $0, for: request) }
    }

    private func write(_ row: AdAccountRow, _ totals: AccountTotals?, to object: inout JSONWriter) {
        object.member("id", row.account.id.rawValue)
        object.member("facebook_id", row.account.facebookID)
        object.member("name", row.account.name)
        object.member("currency", row.account.currency)
        object.member("time_zone", row.account.timeZone)
        object.member("status", row.status)
        object.member("sync_status", row.syncStatus)
        object.member("sync_error", row.syncError)
        object.member("last_synced_at", row.lastSyncedAt)
        object.member("fresh", SyncState(age: row.age).isFresh(interval: environment.syncInterval))
        object.member("role", row.role?.rawValue)
        object.member("token_expires_at", row.tokenState.expiresAt)
        object.member("token_problem", row.tokenState.problem)
        object.member("hold", row.hold?.rawValue)
        object.member("held_until", row.heldUntil)
        guard let totals else { return }
        object.member("totals") { object in
            object.member("date_start", totals.days.since.description)
            object.member("date_end", totals.days.until.description)
            for (name, value) in totals.metrics { object.member(name, number: value) }
            object.member("coverage") { object in
                object.member("from", totals.coverage.held?.since.description)
                object.member("to", totals.coverage.held?.until.description)
                object.member("complete", totals.coverage.isComplete)
                object.member("whole_to", totals.coverage.wholeTo?.description)
            }
        }
    }
}
