internal import Model
package import Store

extension VanishedObjects {
    /// A third of an account does not disappear between two looks, and a listing has as many objects as Facebook says that
    /// there are: else more likely is that it did not show them. What two complete listings agree on is gone.
    package var verdict: Verdict {
        let isFew = (missing - missingBefore) * 3 <= known
        let isWhole = listed >= told ?? 0
        if missing == missingBefore || (isFew && isWhole) { return .gone }
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
