internal import HTTPMessages
internal import Model
internal import Secrets
internal import Store

extension Endpoints {
    /// Who sent the request, and what of the account that it asks for.
    /// - Parameter moments: of which one wants to know the day, in the account's time zone.
    /// - Throws: `RequestError` with status 401.
    func admit(
        _ request: HTTPRequest,
        to reference: AccountReference? = nil,
        moments: [Timestamp?] = []
    ) throws -> Admission {
        guard let token = bearerToken(request) else { throw RequestError.authenticationRequired }
        let hash = AccessToken.hash(token)
        guard let admission = try store.admission(tokenHash: hash, reference: reference, moments: moments) else {
            throw RequestError.tokenInvalid
        }
        // For people who look at their tokens. A database that only takes reads at the moment must not stop a read.
        if admission.isUseWorthNoting { try? store.noteUse(ofAccessToken: admission.tokenID) }
        return admission
    }

    /// The account that the parameter `adAccountId` names, if the sender of the request may see it.
    func admitToAccount(_ request: HTTPRequest, of route: RouteDescription) throws -> AdmittedAccount {
        // Authenticate first: what is wrong with a request is nobody's business who may not send it.
        guard bearerToken(request) != nil else { throw RequestError.authenticationRequired }
        let parameters: Parameters
        do {
            parameters = try Parameters(request, of: route)
        } catch {
            _ = try admit(request)
            throw error
        }
        let named = parameters["adAccountId"].map { AccountReference($0) }
        let admission = try admit(request, to: named)
        guard named != nil else { throw RequestError.adAccountIDRequired }
        guard let account = admission.account else { throw RequestError.adAccountNotFound }
        return account
    }

    /// The token of `Authorization: Bearer …`; the scheme's name in any case (RFC 9110, section 11.1).
    func bearerToken(_ request: HTTPRequest) -> String? {
        guard let header = request.headers["Authorization"] else { return nil }
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].trimmingPrefix { $0 == " " }
        return token.isEmpty ? nil : String(token)
    }
}
