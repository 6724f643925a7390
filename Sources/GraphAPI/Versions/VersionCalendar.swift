package import Model

/// When versions of the Marketing API were released, and when they end. The only place that has these dates.
///
/// Source: Meta, Marketing API, "Versions" (state of November 2026). Meta gives the end of a version when the one after the
/// next is out, so the latest have none yet.
package enum VersionCalendar {
    package struct Entry: Sendable, Equatable {
        package let version: APIVersion
        package let released: Day
        /// The first day without the version.
        package let end: Day?
    }

    /// Oldest first.
    package static let entries: [Entry] = [
        entry(23, "2025-05-29", "2026-06-09"),
        entry(24, "2025-10-08", "2026-11-10"),
        entry(25, "2026-02-18", "2027-02-23"),
        entry(26, "2026-07-29", nil),
        entry(27, "2026-11-04", nil),
    ]

    /// Days before the end of a version from which on people are warned.
    package static let warningDays = 60

    /// The end of a version; `nil` when Meta has given none, or the version is not in the calendar.
    package static func end(of version: APIVersion) -> Day? {
        entries.first { $0.version == version }?.end
    }

    /// The versions after another one, oldest first.
    static func versions(after version: APIVersion) -> [APIVersion] {
        entries.map(\.version).filter { $0 > version }
    }

    /// The newest version; `nil` when it is not newer than another one.
    package static func newest(after version: APIVersion) -> APIVersion? {
        versions(after: version).last
    }

    private static func entry(_ major: Int, _ released: String, _ end: String?) -> Entry {
        guard let day = Day(released) else { preconditionFailure("\(released) is not a day") }
        return Entry(version: APIVersion(major), released: day, end: end.flatMap { Day($0) })
    }
}
