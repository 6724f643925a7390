/// A version of the Graph API: `v23.0`.
package struct APIVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    package init(_ major: Int, _ minor: Int = 0) {
        self.major = major
        self.minor = minor
    }

    /// `nil` when the text is no version.
    package init?(_ text: some StringProtocol) {
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard text.first == "v", parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]),
            (1...999).contains(major), (0...99).contains(minor)
        else { return nil }
        self.init(major, minor)
    }

    package var description: String { "v\(major).\(minor)" }

    package static func < (one: APIVersion, other: APIVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}
