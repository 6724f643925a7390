/// What a person may do with one ad account.
package enum Role: String, Sendable, CaseIterable, Comparable {
    /// Reads.
    case viewer
    /// Also syncs and revalidates.
    case manager

    package static func < (one: Role, other: Role) -> Bool { one == .viewer && other == .manager }
}
