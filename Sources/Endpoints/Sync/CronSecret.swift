internal import FoundationEssentials
internal import HTTPMessages
internal import Secrets

/// The cron secret, in every place where a cron service can put it.
enum CronSecret {
    /// Whether a request carries the secret: in the query, as a bearer token, or as the password of Basic authentication.
    /// - Parameter secret: `nil` accepts no request.
    static func isSent(with request: HTTPRequest, _ secret: String?) -> Bool {
        guard let secret else { return false }
        return candidates(request).contains { isSameSecret($0, secret) }
    }

    private static func candidates(_ request: HTTPRequest) -> [String] {
        let all = [
            inQuery(request.query),
            // Base 64 has "+", which a form would read as a blank. People paste such a secret as it is.
            inQuery(request.query.replacing("+", with: "%2B")),
            Credential.bearerToken(request),
            Credential.basicPassword(request),
        ]
        return all.compactMap(\.self)
    }

    private static func inQuery(_ query: String) -> String? { try? QueryParameters(decoding: query)["secret"] }

    /// Whether a query has a parameter of that name, whatever its value is, and however damaged the rest is.
    static func isNamed(in query: String) -> Bool {
        query.utf8.split(separator: UInt8(ascii: "&")).contains { piece in
            let name = piece.prefix { $0 != UInt8(ascii: "=") }
            return (try? QueryParameters(decoding: String(Substring(name))))?["secret"] != nil
        }
    }
}

extension Endpoints {
    /// Whether `POST /api/sync` comes from a cron service, rather than from a person who syncs one account.
    ///
    /// The right secret decides, and so does a parameter `secret`, be it right or wrong. Without either, a request that names
    /// an account, or announces JSON without sending any, or comes with an access token or a session, gets the answers of the
    /// manager's route.
    func isCronCall(_ request: HTTPRequest) -> Bool {
        if CronSecret.isNamed(in: request.query) || CronSecret.isSent(with: request, environment.cronSecret) {
            return true
        }
        let isJSONMissing =
            request.body.isEmpty && request.headers["Content-Type"]?.hasPrefix("application/json") == true
        guard !isJSONMissing, request.body.firstRange(of: Array("adAccountId".utf8)) == nil else { return false }
        return switch Credential(request) {
        case nil: true
        case .token(let token): !token.hasPrefix(AccessToken.prefix)
        case .session, .proxied: false
        }
    }
}

extension Credential {
    /// The password of `Authorization: Basic …` (RFC 7617); the user name does not matter.
    static func basicPassword(_ request: HTTPRequest) -> String? {
        guard let encoded = credentials(request, scheme: "basic"), let data = Data(base64Encoded: encoded),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        return String(text[text.index(after: colon)...])
    }
}
