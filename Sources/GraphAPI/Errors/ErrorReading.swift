internal import HTTPMessages
internal import Model

extension GraphError {
    /// Returns the error in a response of any shape.
    /// - Parameters:
    ///   - secrets: Texts to remove if Facebook repeats them.
    ///   - account: Facebook's id. Headers about other accounts are ignored.
    init(_ response: HTTPResponse, hiding secrets: [String], account: String) {
        let facts = ErrorFacts(response)
        let retryAfter = Self.secondsToWait(response.headers)
        self.init(
            facts,
            kind: .judge(
                facts,
                status: response.status,
                regain: Usage.secondsToRegain(response.headers, account: account),
                retryAfter: retryAfter
            ),
            status: response.status,
            hiding: secrets,
            otherwise: response.status == 200
                ? "Facebook sent an error without a text" : "Facebook returned HTTP \(response.status)"
        )
        self.retryAfter = retryAfter
    }

    /// - Parameter otherwise: the message when the facts have none.
    init(_ facts: ErrorFacts, kind: Kind, status: Int, hiding secrets: [String], otherwise: String) {
        let line = { (text: String?) in
            text.map { presentable($0, hiding: secrets) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        self.init(
            kind: kind,
            status: status,
            code: facts.code ?? 0,
            subcode: facts.subcode ?? 0,
            message: line(facts.message) ?? otherwise
        )
        type = line(facts.type)
        userTitle = line(facts.userTitle)
        userMessage = line(facts.userMessage)
        traceID = line(facts.traceID).map { String($0.prefix(40)) }
        isGraphs = facts.isGraph
        mentionedNames = RefusedFields.mentioned(in: facts.message ?? "") + facts.blamedNames
    }

    /// `Retry-After`: seconds, or a date, which is compared with the answer's own `Date`. A day at most.
    private static func secondsToWait(_ headers: HTTPHeaders) -> Double? {
        guard let text = headers["Retry-After"] else { return nil }
        if let seconds = Double(text), seconds.isFinite { return min(max(0, seconds), 86_400) }
        guard let until = Timestamp(httpDate: text), let now = headers["Date"].flatMap({ Timestamp(httpDate: $0) })
        else { return nil }
        return min(max(0, Double(until.seconds - now.seconds)), 86_400)
    }
}

/// A text from outside as one line of bounded length, without our secrets, and without any other access token.
func presentable(_ message: String, hiding secrets: [String]) -> String {
    // (!) By bytes: with a combining accent behind it, a secret's last character is another one.
    let hidden = secrets.filter { !$0.isEmpty }.reduce(Array(message.utf8)) {
        $0.replacing(Array($1.utf8), with: Array("***".utf8))
    }
    let line = String(decoding: hidden, as: UTF8.self).unicodeScalars.compactMap { scalar -> Unicode.Scalar? in
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: " "
        // Includes characters that change the direction of text.
        case .format: nil
        default: scalar
        }
    }
    return withoutTokens(String(String.UnicodeScalarView(line.prefix(300))))
}

/// Facebook's tokens begin with EAA. One that was cut off at the end is hidden as well.
private func withoutTokens(_ text: String) -> String {
    text.replacing(#/EAA[A-Za-z0-9]{16,}/#, with: "***").replacing(#/(?<name>access_token=)[^&\s"']+/#) {
        "\($0.output.name)***"
    }
}
