package import Model

/// A revalidation, as people write it: by tag, `campaigns-<account>`, or by the path of a route, `/api/campaigns`,
/// which means all accounts without `?adAccountId=`.
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
