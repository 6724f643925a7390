/// Chooses the API version. A pure value.
///
/// The configured version comes first. If Facebook refuses it, the version that Facebook names follows, else the known
/// versions after it, oldest first, because the closest one differs least. A version below the configured one is never
/// called, and a refused one is not called again for a day.
package struct VersionChoice: Sendable, Equatable {
    /// Why a version is called.
    package enum Reason: String, Sendable {
        /// It is configured, and Facebook accepts it.
        case configured
        /// Facebook named it when it refused another one.
        case named
        /// Facebook refused those before it.
        case tried
        /// Facebook answered calls of an older version with it.
        case upgraded
    }

    package let configured: APIVersion
    /// `nil` if Facebook refuses all known versions.
    package private(set) var current: APIVersion?
    package private(set) var reason = Reason.configured
    /// Versions that Facebook refused in the last day, in any process.
    package private(set) var refused: Set<APIVersion>

    /// - Parameter accepted: the version that Facebook accepted last.
    package init(configured: APIVersion, accepted: APIVersion? = nil, refused: Set<APIVersion> = []) {
        self.configured = configured
        self.refused = refused
        if let accepted, accepted > configured {
            (current, reason) = (accepted, .tried)
        } else {
            current = configured
        }
        if let first = current, refused.contains(first) {
            (current, reason) = (VersionChoice.next(after: first, refused), .tried)
        }
    }

    /// Takes that Facebook refused a version.
    /// - Parameter named: the version that Facebook names.
    /// - Returns: whether another one is left to call.
    package mutating func refuse(_ version: APIVersion, naming named: APIVersion?) -> Bool {
        refused.insert(version)
        // Concurrent calls of an older version fail one after the other; only the first failure changes anything.
        guard version == current else { return current != nil }
        if let named, named > version, !refused.contains(named) {
            (current, reason) = (named, .named)
        } else {
            (current, reason) = (VersionChoice.next(after: version, refused), .tried)
        }
        return current != nil
    }

    /// Takes that Facebook answered with a newer version than the one that was called.
    /// - Returns: whether this is news.
    package mutating func upgrade(to version: APIVersion) -> Bool {
        guard let now = current, version > now, !refused.contains(version) else { return false }
        (current, reason) = (version, .upgraded)
        return true
    }

    private static func next(after version: APIVersion, _ refused: Set<APIVersion>) -> APIVersion? {
        VersionCalendar.versions(after: version).first { !refused.contains($0) }
    }
}

/// What a client has learned about versions, for other processes.
package enum VersionLesson: Sendable, Equatable {
    /// Facebook answers calls of this version.
    case accepted(APIVersion, VersionChoice.Reason)
    case refused(APIVersion)
}
