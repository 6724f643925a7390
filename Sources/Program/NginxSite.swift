/// The part of nginx's configuration that follows from the settings.
///
/// Every value in it was checked by `SiteSettings`: none can end a directive.
package struct NginxSite {
    private let site: SiteSettings

    package init(_ site: SiteSettings) {
        self.site = site
    }

    /// Of the http level.
    package var text: String {
        """
        # Made by `admirror nginx` from the settings.

        # Proxies whose word is taken. From everybody else X-Forwarded-For and the like are not heard.
        geo $realip_remote_addr $is_trusted_proxy {
          default 0;
        \(lines(site.trustedProxies) { "  \($0) 1;" })}

        # Whether the client speaks TLS, with us or with such a proxy.
        map "$is_trusted_proxy $http_x_forwarded_proto" $is_tls {
          default   $https;
          "1 https" on;
        }

        # Where plain HTTP is sent to. (!) Never to the host that a request names: anybody can name one. This machine may do
        # without: scripts, probes of its life, and the Graph simulator.
        map "$is_tls $host $uri" $https_address {
          default "";
        \(redirection)}

        # Whom such a proxy has signed in.
        map $is_trusted_proxy $proxied_user {
          default "";
        \(site.trustedUserHeader.map { "  1 $http_\(variable($0));\n" } ?? "")}

        # For caches between that proxy and us: one person's answer is not another's.
        map $server_port $varies_with_user {
          default "\(site.trustedUserHeader ?? "")";
        }

        # The Cache-Control of answers that nginx caches, as clients get it. nginx itself obeys the responder's.
        map $upstream_http_cache_control $client_cache_control {
          default $upstream_http_cache_control;
        \(clientCacheControl)}

        # Sites whose pages may read the API.
        map $http_origin $allowed_origin {
          default "";
        \(lines(site.allowedOrigins) { "  \"\($0)\" $http_origin;" })}

        """
    }

    /// Of the server: its name beside others on the same host, the limit of requests at once, the proxies whose word on the
    /// client's address it takes, and TLS.
    package var listening: String { name + limits + proxies + tls }

    private var limits: String { "limit_conn clients \(site.clientConcurrency);\n" }

    private var name: String {
        guard let host = site.publicURL?.split(separator: "/").last?.prefix(while: { $0 != ":" && $0 != "[" }),
            !host.isEmpty
        else { return "" }
        return "server_name \(host);\n"
    }

    private var proxies: String {
        guard !site.trustedProxies.isEmpty else { return "" }
        return """
            \(lines(site.trustedProxies) { "set_real_ip_from \($0);" })real_ip_header X-Forwarded-For;
            real_ip_recursive on;

            """
    }

    private var tls: String {
        guard let certificate = site.certificate, let key = site.certificateKey, let port = site.tlsPort else {
            return ""
        }
        return """
            \(lines(site.tlsAddresses) { "listen \($0):\(port) ssl http2;" })ssl_certificate "\(certificate)";
            ssl_certificate_key "\(key)";
            include snippets/tls.conf;

            """
    }

    private var clientCacheControl: String {
        guard site.clientsAskAgain, let standard = Setting.clientCacheControl.standard else { return "" }
        // A pattern, for texts of this length do not fit into nginx's table of others.
        return "  \"~^\(standard)\\z\" \"private, no-cache\";\n"
    }

    private var redirection: String {
        guard let address = site.publicURL, address.hasPrefix("https:") else { return "" }
        return """
              "~^ (?!127\\.0\\.0\\.1 |localhost |\\[::1\\] )[^ ]* (?!/healthz\\z|/readyz\\z|/_errors/)" "\(address)";

            """
    }

    private func lines(_ values: [String], _ line: (String) -> String) -> String {
        values.map { line($0) + "\n" }.joined()
    }

    private func variable(_ header: String) -> String {
        header.lowercased().replacing("-", with: "_")
    }
}
