internal import FoundationEssentials
internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    // POST /api/revalidate

    /// `{"tag": "campaigns-<id>"}` or `{"path": "/api/campaigns"}`
    struct RevalidationRequest: Decodable {
        var tag: String?
        var path: String?
    }

    /// Makes the next read come from the database on every nginx host, once its authorization is older than a second.
    /// Nothing is deleted: it raises the data version, which is part of every cache key.
    func revalidate(_ request: HTTPRequest) throws -> HTTPResponse {
        let person = try admitChange(request)
        let input = try body(of: request, as: RevalidationRequest.self, like: #"{"tag": "campaigns-1234567890"}"#)
        guard let text = input.tag ?? input.path, input.tag == nil || input.path == nil else {
            throw RequestError.revalidationUnclear
        }
        guard let target = RevalidationTarget(text), (input.path != nil) == text.hasPrefix("/") else {
            throw RequestError.revalidationUnclear
        }
        var account: AdAccount.ID?
        if let reference = target.reference {
            account = try admit(request, as: .manager, of: reference).1.id
        }
        let accounts = try store.revalidate(target.kind, of: account, for: person.userID)
        guard !accounts.isEmpty else { throw RequestError.managerRequired }
        try store.note(.revalidated, by: person.email, from: request.clientAddress, text)
        return json(200, RevalidateAnswer(revalidated: accounts.map { "\(target.kind.rawValue)-\($0)" }))
    }
}

private struct RevalidateAnswer: Encodable {
    let success = true
    let revalidated: [String]
}
