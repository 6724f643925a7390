internal import Model
package import Store

/// The decision about a listing of a level's objects. A pure decision.
package enum ListingVerdict: Sendable, Equatable {
    /// It has all objects: what it lacks is deleted.
    case whole
    /// Facebook counts more objects than it lists, or may have sent only the beginning of the list.
    case short
    /// Objects are missing that may not be deleted.
    case unconfirmed
    /// Objects are missing, and have to be looked up before anything is decided.
    case needsEvidence
}

/// The result of requesting some of the objects that are no longer listed.
package struct DeletionEvidence: Sendable, Equatable {
    /// How many of them Facebook returns by their id, and how many it does not.
    package var existing = 0
    package var gone = 0

    package init(existing: Int = 0, gone: Int = 0) {
        self.existing = existing
        self.gone = gone
    }
}

extension ListedObjects {
    /// Readings in doubt after which weaker evidence is enough, so that an account that was emptied ends up empty.
    private static let mostDoubts = 2
    /// Missing objects up to which no evidence is needed, as far as they are a small part of the account.
    private static let handful = 5

    /// - Parameters:
    ///   - doubts: readings in a row before this one that were in doubt.
    ///   - delivers: the account had results today or yesterday, which it cannot have without objects.
    ///   - evidence: `nil` before any was looked for.
    package func verdict(doubts: Int, delivers: Bool, _ evidence: DeletionEvidence?) -> ListingVerdict {
        let contradicts = isListing && listed == 0 && delivers
        guard missing > 0 else { return shortfall > 0 || contradicts || isEndUnknown ? .short : .whole }
        // The listing lacks objects, as Facebook's own count says, or may lack some: the next one may have them.
        if shortfall > 0 || isEndUnknown, doubts < Self.mostDoubts { return .short }
        guard isLarge || counted == nil || shortfall > 0 else { return .whole }
        guard let evidence else { return .needsEvidence }
        if evidence.existing > 0 { return shortfall > 0 ? .short : .unconfirmed }
        // Results may be those of objects that were deleted today.
        if evidence.gone > 0, !contradicts || doubts >= Self.mostDoubts { return .whole }
        // No object could be looked up: three listings are enough that agree with Facebook's count and its results.
        let agrees = counted == listed && !contradicts && evidence.gone == 0
        return agrees && doubts >= Self.mostDoubts ? .whole : .unconfirmed
    }

    /// Whether more is missing than people usually delete between two syncs.
    private var isLarge: Bool { missing * 2 > known || (missing > Self.handful && missing * 10 > known) }

    /// For the run's warnings.
    func warning(_ verdict: ListingVerdict, _ evidence: DeletionEvidence?) -> String {
        if verdict == .short, isEndUnknown {
            return "Facebook may not have listed all \(level.plural): it sent neither their number nor the end of the "
                + "list. These are stored, and the next sync lists all \(level.plural) again."
        }
        if verdict == .short, shortfall == 0 {
            return "Facebook listed no \(level.plural), though the account has results. The next sync lists them again."
        }
        if verdict == .short {
            return "Facebook counts \(counted ?? 0) \(level.plural) and listed \(listed). These are stored, and the "
                + "next sync lists all \(level.plural) again."
        }
        let reason =
            (evidence?.existing ?? 0) > 0
            ? "Facebook still returns some of them by id" : "their deletion is not confirmed yet"
        return "Facebook no longer lists \(missing) of \(known) \(level.plural), and \(reason). "
            + "They stay unchanged, and the next sync checks again."
    }
}
