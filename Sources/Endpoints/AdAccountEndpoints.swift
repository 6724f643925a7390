internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    /// GET /api/ad-accounts: what the sender of the request may see. It differs from person to person and shows the
    /// state of syncs, so no shared cache keeps it.
    func listAdAccounts(_ request: HTTPRequest) throws -> HTTPResponse {
        let admission = try admit(request)
        let accounts = try store.adAccounts(of: admission.userID)
        var writer = JSONWriter()
        writer.object { object in
            object.list("adAccounts") { list in
                for row in accounts {
                    list.object { write(row, to: &$0) }
                }
            }
        }
        return bodies.encode(
            HTTPResponse(
                status: 200,
                headers: [
                    "Content-Type": "application/json; charset=utf-8", "Cache-Control": "private, no-cache",
                    "Vary": "Authorization, Cookie, Accept-Encoding",
                ],
                body: writer.bytes
            ),
            for: request
        )
    }

    private func write(_ row: AdAccountRow, to object: inout JSONWriter) {
        object.member("id", row.account.id.rawValue)
        object.member("facebook_id", row.account.facebookID)
        object.member("name", row.account.name)
        object.member("currency", row.account.currency)
        object.member("time_zone", row.account.timeZone)
        object.member("status", row.status)
        object.member("sync_status", row.syncStatus)
        object.member("sync_error", row.syncError)
        object.member("last_synced_at", row.lastSyncedAt)
        object.member("role", row.role?.rawValue)
    }
}
