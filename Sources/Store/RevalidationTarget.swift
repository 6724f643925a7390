package import Model

/// What is to be revalidated, as people name it: by a tag, `campaigns-<account>`, or by a route's path,
/// `/api/campaigns`, which means all accounts unless `?adAccountId=` names one.
package struct RevalidationTarget: Sendable, Equatable {
    package let kind: AnswerKind
    /// `nil` for every account.
    package let reference: AccountReference?

    package init?(_ text: String) {
        if text.hasPrefix("/") {
            let halves = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            guard let kind = AnswerKind.allCases.first(where: { halves[0] == "/api/\($0.rawValue)" }) else {
                return nil
            }
            self.kind = kind
            reference = halves.dropFirst().first.flatMap(Self.account).map { AccountReference($0) }
        } else {
            guard let kind = AnswerKind.allCases.first(where: { text.hasPrefix("\($0.rawValue)-") }) else { return nil }
            self.kind = kind
            let reference = AccountReference(String(text.dropFirst(kind.rawValue.count + 1)))
            guard reference.id != nil || reference.facebookID != nil else { return nil }
            self.reference = reference
        }
    }

    private static func account(in query: Substring) -> String? {
        query.split(separator: "&").first { $0.hasPrefix("adAccountId=") }.map { String($0.dropFirst(12)) }
    }
}
