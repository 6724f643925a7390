import Crypto
import FoundationEssentials
import HTTPMessages

extension GraphSimulator {
    /// What a caller shows: the token and where it stood.
    static func token(of request: HTTPRequest, _ parameters: QueryParameters) -> String? {
        if let token = parameters["access_token"], !token.isEmpty { return token }
        guard let header = request.headers["Authorization"] else { return nil }
        let words = header.split(separator: " ")
        guard words.count == 2, ["bearer", "oauth"].contains(words[0].lowercased()) else { return nil }
        return String(words[1])
    }

    /// Throws 104 without a token, 190 for one that is not ours, 100 for a missing or wrong proof.
    func authenticate(_ request: HTTPRequest, _ parameters: QueryParameters) throws(GraphError) {
        guard let shown = Self.token(of: request, parameters) else { throw .tokenMissing }
        guard shown == token else { throw .tokenUnknown }
        guard let appSecret else { return }
        guard let proof = parameters["appsecret_proof"] else { throw .proofMissing }
        guard proof == Self.proof(token: shown, appSecret: appSecret) else { throw .proofWrong }
    }

    /// Lower-case hex of HMAC-SHA256 with the secret as key over the token.
    package static func proof(token: String, appSecret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(token.utf8),
            using: SymmetricKey(data: Data(appSecret.utf8))
        )
        return code.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// What `debug_token` tells of `input_token`. The caller shows a token of ours or `APP_ID|APP_SECRET`.
    func tokenFacts(_ request: HTTPRequest, _ parameters: QueryParameters) throws(GraphError) -> JSON {
        guard let shown = Self.token(of: request, parameters) else { throw .tokenMissing }
        let app = "\(Self.appID)|\(appSecret ?? Self.demoAppSecret)"
        guard shown == token || shown == app else { throw .tokenUnknown }
        guard let input = parameters["input_token"] else {
            throw .parameter("The parameter input_token is required")
        }
        guard input == token else {
            return [
                "data": [
                    "error": ["code": 190, "message": "Invalid OAuth access token.", "subcode": 467],
                    "is_valid": false, "scopes": [],
                ]
            ]
        }
        return [
            "data": [
                "app_id": .string(Self.appID), "type": "SYSTEM_USER", "application": "Simulator",
                "data_access_expires_at": 0, "expires_at": 0, "is_valid": true, "issued_at": .int(time - 86_400),
                "scopes": ["ads_read", "business_management"], "user_id": .string(Self.userID),
            ]
        ]
    }
}
