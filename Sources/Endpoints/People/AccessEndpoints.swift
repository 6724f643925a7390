internal import HTTPMessages
internal import Model
internal import Store

// GET, PUT and DELETE /api/access: who has which role on an account, for its owners

extension Endpoints {
    /// `{"adAccountId": "…", "email": "…", "role": "viewer|manager|owner"}`; without `role` it is removed.
    struct AccessRequest: Decodable {
        var adAccountId: String?
        var email: String?
        var role: String?
    }

    func listAccess(_ request: HTTPRequest) throws -> HTTPResponse {
        let account = try admitToAccount(request, of: .listAccess)
        guard account.role == .owner else { throw RequestError.ownerRequired }
        return try describeAccess(to: account.id)
    }

    func grantAccess(_ request: HTTPRequest) throws -> HTTPResponse {
        try changeAccess(request) { input in
            guard let role = input.role.flatMap({ Role(rawValue: $0) }) else {
                throw RequestError.bodyInvalid("role is missing, or not one of viewer, manager, owner.", Self.example)
            }
            return role
        }
    }

    func revokeAccess(_ request: HTTPRequest) throws -> HTTPResponse {
        try changeAccess(request) { _ in nil }
    }

    private static var example: String {
        #"{"adAccountId": "act_1234567890", "email": "ada@example.com", "role": "viewer"}"#
    }

    private func changeAccess(_ request: HTTPRequest, _ role: (AccessRequest) throws -> Role?) throws -> HTTPResponse {
        _ = try admitChange(request)
        let input = try body(of: request, as: AccessRequest.self, like: Self.example)
        guard let name = input.adAccountId, !name.isEmpty, let email = input.email, !email.isEmpty,
            !email.utf8.contains(0)
        else {
            throw RequestError.bodyInvalid("adAccountId or email is missing.", Self.example)
        }
        let role = try role(input)
        let (admission, account) = try admit(request, as: .owner, of: AccountReference(name))
        switch try store.changeRole(of: email, on: account.id, to: role, by: admission.email) {
        case .done: break
        case .notOwner: throw refused(request, .ownerRequired, by: admission.email, account: account.facebookID)
        case .userUnknown: throw RequestError.userNotFound
        case .lastOwner: throw RequestError.lastOwner
        case .noRole: throw RequestError.userNotFound
        }
        try store.note(
            role == nil ? .roleRevoked : .roleGranted,
            by: admission.email,
            from: request.clientAddress,
            account: account.facebookID,
            role.map { "\(email) is \($0.rawValue)" } ?? email
        )
        return try describeAccess(to: account.id)
    }

    private func describeAccess(to account: AdAccount.ID) throws -> HTTPResponse {
        let rows = try store.access(to: account)
        return json(200, ["access": rows.map { AccessAnswer(email: $0.email, role: $0.role.rawValue) }])
    }
}

private struct AccessAnswer: Encodable {
    let email: String
    let role: String
}
