internal import ASCII

/// The base URL of a service: anywhere over TLS, and over plain HTTP only on this host, because requests carry
/// credentials.
enum BaseURL {
    /// Describes what is wrong with a base URL; `nil` if it is valid.
    static func problem(_ url: String) -> String? {
        let isPlain = url.hasPrefix("http://")
        guard isPlain || url.hasPrefix("https://") else { return "does not start with https://" }
        if url.hasSuffix("/") { return "ends with a slash" }
        if url.contains(where: { "?#@\\".contains($0) || $0.isWhitespace }) {
            return "is not a plain base URL such as https://graph.facebook.com"
        }
        let authority = url.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" }
        let isBracketed = authority.hasPrefix("[")
        let host = isBracketed ? authority.prefix { $0 != "]" }.dropFirst() : authority.prefix { $0 != ":" }
        // The rest must be a port or nothing: a resolver would see another host in `[::1].example.com`.
        let rest = authority.dropFirst(isBracketed ? host.count + 2 : host.count)
        let port = rest.dropFirst()
        guard rest.isEmpty || (rest.hasPrefix(":") && UInt16(port) != nil && port.isDigits),
            !isBracketed || authority.contains("]")
        else { return "does not name a host and a port" }
        if host.isEmpty { return "has no host" }
        let isLoopback = host == "localhost" || host == "::1" || isLoopbackIPv4(host)
        return isPlain && !isLoopback ? "uses plain http, which is allowed only for a loopback address" : nil
    }

    /// 127.0.0.0/8. A name such as `127.0.0.1.example.com` is not one.
    private static func isLoopbackIPv4(_ host: Substring) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && !numbers.contains(nil) && numbers[0] == 127
            && host.filter { $0 != "." }.isDigits
    }
}
