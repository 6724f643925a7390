internal import Model
package import Store

extension VanishedObjects {
    /// A third of an account does not disappear between two looks: more likely is that Facebook did not show it. What
    /// two complete listings agree on is gone.
    package var verdict: Verdict {
        let isFew = (missing - missingBefore) * 3 <= known
        if isFew { return .gone }
        return .lookAgain(
            warning:
                "\(missing) of \(known) \(level.plural) are no longer listed; the next sync looks again before they "
                + "count as deleted"
        )
    }
}

extension Level {
    /// For people.
    package var plural: String {
        switch self {
        case .campaign: "campaigns"
        case .adSet: "ad sets"
        case .ad: "ads"
        }
    }
}
