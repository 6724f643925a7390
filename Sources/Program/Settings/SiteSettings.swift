/// Settings of the web server: trusted proxies, addresses and TLS.
package struct SiteSettings: Sendable, Equatable {
    /// Networks of proxies whose word on the client's address, on TLS, and on the person is taken: `10.0.0.0/8`.
    package var trustedProxies: [String] = []
    /// The header in which trusted proxies send the signed-in user: `X-Forwarded-User`.
    package var trustedUserHeader: String?
    /// Requests that one client address may have in progress at once.
    package var clientConcurrency = 100
    /// Other sites whose pages may read the API: `https://dashboard.example.com`.
    package var allowedOrigins: [String] = []
    /// Cache-Control of cached answers, as clients get it.
    package var clientCacheControl: String?
    /// Where browsers find us: `https://ads.example.com`.
    package var publicURL: String?
    /// PEM files.
    package var certificate: String?
    package var certificateKey: String?
    /// Where nginx listens for TLS: `0.0.0.0`, `[::]`.
    package var tlsAddresses: [String] = []
    package var tlsPort: Int?

    package init() {}

    init(_ reader: inout SettingsReader) {
        trustedProxies = reader.list(.trustedProxies)
        trustedUserHeader = reader.text(.trustedUserHeader)
        clientConcurrency = reader.number(.clientConcurrency, in: 1...65_535)
        allowedOrigins = reader.list(.allowedOrigins)
        clientCacheControl = reader.text(.clientCacheControl)
        publicURL = reader.text(.publicURL)
        certificate = reader.text(.tlsCertificate)
        certificateKey = reader.text(.tlsCertificateKey)
        tlsAddresses = reader.list(.httpsAddresses)
        tlsPort = reader.optionalNumber(.httpsPort, in: 1...65_535)
        check(&reader)
    }

    /// Whether clients ask for cached answers each time, with the tag of what they have.
    package var clientsAskAgain: Bool { clientCacheControl == "no-cache" }

    private func check(_ reader: inout SettingsReader) {
        let standard = Setting.clientCacheControl.standard
        if let clientCacheControl, clientCacheControl != standard, !clientsAskAgain {
            reader.note("CLIENT_CACHE_CONTROL is neither no-cache nor \(standard ?? "")")
        }
        for network in trustedProxies where !Self.isNetwork(network) {
            reader.note("TRUSTED_PROXIES: \(network) is not an address or a network such as 10.0.0.0/8")
        }
        if let trustedUserHeader {
            if !trustedUserHeader.wholeMatches(#/[A-Za-z][A-Za-z0-9-]{0,60}/#) {
                reader.note("TRUSTED_USER_HEADER is not the name of a header such as X-Forwarded-User")
            }
            if trustedProxies.isEmpty {
                reader.note(
                    "TRUSTED_USER_HEADER needs TRUSTED_PROXIES, because otherwise anyone could send that header"
                )
            }
        }
        for origin in allowedOrigins where !origin.wholeMatches(#/https?://[a-z0-9.-]+(:[0-9]{1,5})?/#) {
            reader.note(
                "ALLOWED_ORIGINS: \(origin) is not an origin such as https://dashboard.example.com, in small letters"
            )
        }
        // The login dialog sends codes to this address, and nginx's configuration contains it.
        if let publicURL, let problem = Self.problem(publicURL) { reader.note("PUBLIC_URL \(problem)") }
        if (certificate == nil) != (certificateKey == nil) {
            reader.note("TLS_CERTIFICATE and TLS_CERTIFICATE_KEY belong together: set both or neither")
        }
        if (tlsPort == nil) != (certificate == nil) {
            reader.note("HTTPS_PORT and TLS_CERTIFICATE belong together: set both or neither")
        }
        for address in tlsAddresses where !address.wholeMatches(#/[0-9]{1,3}(\.[0-9]{1,3}){3}|\[[0-9a-f:]{2,39}\]/#) {
            reader.note("HTTPS_ADDRESSES: \(address) is not an address such as 0.0.0.0 or [::]")
        }
        for file in [certificate, certificateKey].compactMap(\.self)
        where !file.hasPrefix("/") || file.contains(where: { "\"\\$;{}".contains($0) || $0.isNewline }) {
            reader.note("TLS_CERTIFICATE and TLS_CERTIFICATE_KEY must be absolute paths")
        }
    }

    private static func problem(_ publicURL: String) -> String? {
        publicURL.wholeMatches(#/https?://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?/#)
            ? BaseURL.problem(publicURL)
            : "is not an address such as https://ads.example.com, without a slash at its end"
    }

    /// An IPv4 or IPv6 address, with a prefix length or without. nginx checks the rest.
    private static func isNetwork(_ text: String) -> Bool {
        text.wholeMatches(#/[0-9]{1,3}(\.[0-9]{1,3}){3}(/[0-9]{1,2})?/#)
            || text.wholeMatches(#/[0-9a-f:]{2,39}(/[0-9]{1,3})?/#)
    }
}

extension String {
    fileprivate func wholeMatches(_ pattern: some RegexComponent) -> Bool { wholeMatch(of: pattern) != nil }
}
