/// Where the Graph API may be: anywhere over TLS, and over plain HTTP on this host alone, because every call carries a
/// token.
enum GraphURL {
    /// What is wrong with a base URL; `nil` when nothing is.
    static func problem(_ url: String) -> String? {
        let isPlain = url.hasPrefix("http://")
        guard isPlain || url.hasPrefix("https://") else { return "does not begin with https://" }
        if url.hasSuffix("/") { return "ends with a slash" }
        if url.contains(where: { "?#@\\".contains($0) || $0.isWhitespace }) {
            return "is not a plain base URL such as https://graph.facebook.com"
        }
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let host: Substring
        if authority.hasPrefix("[") {
            host = authority.prefix { $0 != "]" }.dropFirst()
        } else {
            host = authority.prefix { $0 != ":" }
        }
        if host.isEmpty { return "names no host" }
        let isLoopback = host == "localhost" || host == "::1" || isLoopbackIPv4(host)
        return isPlain && !isLoopback ? "is plain http: only a loopback address may be" : nil
    }

    /// 127.0.0.0/8. A name such as `127.0.0.1.example.com` is not one.
    private static func isLoopbackIPv4(_ host: Substring) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && !numbers.contains(nil) && numbers[0] == 127
    }
}
