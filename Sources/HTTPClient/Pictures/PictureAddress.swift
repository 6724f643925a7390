/// Where a picture is, if it may be fetched from there.
package struct PictureAddress: Sendable, Equatable {
    /// `https://scontent.xx.fbcdn.net`
    package let origin: String
    /// Path and query.
    package let target: String
    /// It is on the simulator of the Graph API, which is on this host.
    package let isSimulated: Bool

    /// Facebook's networks of pictures, with everything below them.
    private static let hosts = [".fbcdn.net", ".cdninstagram.com", ".fbsbx.com"]

    /// - Parameter graphURL: the base URL of the Graph API. Over plain HTTP it is a simulator, and serves pictures, too.
    package init?(_ text: String, graphURL: String) {
        let simulator = graphURL.hasPrefix("http://") ? Self.parts(graphURL)?.origin : nil
        guard let (origin, host, target) = Self.parts(text) else { return nil }
        isSimulated = origin == simulator
        let isFacebooks = origin == "https://\(host)" && Self.hosts.contains { host.hasSuffix($0) }
        guard isSimulated || isFacebooks else { return nil }
        self.origin = origin
        self.target = target
    }

    /// The origin of a plain address, its host in small letters, and its path and query. Addresses with a user, or with
    /// anything else that parsers read differently, are none.
    private static func parts(_ text: String) -> (origin: String, host: String, target: String)? {
        guard text.utf8.count <= 8192, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x5C }),
            let match = text.prefixMatch(
                of: #/(?<scheme>https?):\/\/(?<host>[A-Za-z0-9.-]{1,253})(?<port>:[0-9]{1,5})?(?=[\/?#]|$)/#
            )
        else { return nil }
        let host = match.output.host.lowercased()
        let rest = text[match.range.upperBound...].prefix { $0 != "#" }
        let origin = "\(match.output.scheme)://\(host)\(match.output.port ?? "")"
        return (origin, host, rest.hasPrefix("/") ? String(rest) : "/\(rest)")
    }
}
