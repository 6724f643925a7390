/// A person's role on an ad account. Each role includes those before it.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Reads.
    case viewer
    /// Also syncs and revalidates.
    case manager
    /// Also says who else may do what.
    case owner

    package static func < (one: Role, other: Role) -> Bool { one.rank < other.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What an access token may be used for.
package enum TokenScope: String, Sendable, CaseIterable {
    /// Reads what its owner may read.
    case read
    /// Also syncs and revalidates, where its owner may.
    case sync
}
