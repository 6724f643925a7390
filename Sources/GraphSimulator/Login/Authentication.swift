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
        guard isValid(shown) else { throw UserToken(shown) == nil ? .tokenUnknown : .tokenExpired }
        if let user = UserToken(shown), !user.scopes.contains("ads_read") { throw .permission }
        guard let appSecret else { return }
        guard let proof = parameters["appsecret_proof"] else { throw .proofMissing }
        guard proof == Self.proof(token: shown, appSecret: appSecret) else { throw .proofWrong }
    }
}
