import Program
import Testing

/// The nginx configuration that follows from the settings.
@Suite struct SiteTests {
    private func site(_ environment: [String: String]) throws -> NginxSite {
        NginxSite(try Settings(environment: environment, requiring: []).site)
    }

    @Test("without settings nobody is trusted, nothing is redirected, and TLS is off")
    func standard() throws {
        let site = try site([:])
        #expect(!site.text.contains("308") && !site.text.contains("https://"))
        #expect(site.text.contains("$varies_with_user {\n  default \"\";\n}"))
        #expect(site.listening == "limit_conn clients 100;\n")
    }

    @Test("nginx's configuration has the proxies, their header, and the sites that may read")
    func everything() throws {
        let site = try site([
            "TRUSTED_PROXIES": "10.0.0.0/8, ::1", "TRUSTED_USER_HEADER": "X-Forwarded-User",
            "ALLOWED_ORIGINS": "https://a.example,https://b.example:8443", "PUBLIC_URL": "https://ads.example.com",
            "TLS_CERTIFICATE": "/c.pem", "TLS_CERTIFICATE_KEY": "/k.pem", "HTTPS_PORT": "8443",
        ])
        #expect(site.listening.contains("set_real_ip_from 10.0.0.0/8;\nset_real_ip_from ::1;\n"))
        // Other sites of the same nginx decide for themselves whom they trust.
        #expect(!site.text.contains("set_real_ip_from") && !site.text.contains("real_ip_header"))
        #expect(site.listening.contains("server_name ads.example.com;\n"))
        #expect(site.text.contains("  1 $http_x_forwarded_user;\n"))
        #expect(site.text.contains("$varies_with_user {\n  default \"X-Forwarded-User\";\n}"))
        #expect(site.text.contains("  \"https://b.example:8443\" $http_origin;\n"))
        #expect(site.text.contains(" \"https://ads.example.com\";\n"))
        #expect(site.listening.contains("listen 127.0.0.1:8443 ssl http2;"))
    }

    @Test("TLS listens on this machine only, unless addresses are named")
    func addresses() throws {
        let site = try site([
            "TLS_CERTIFICATE": "/c.pem", "TLS_CERTIFICATE_KEY": "/k.pem", "HTTPS_PORT": "443",
            "HTTPS_ADDRESSES": "0.0.0.0, [::]", "PUBLIC_URL": "https://[::1]:443",
        ])
        #expect(site.listening.contains("listen 0.0.0.0:443 ssl http2;\nlisten [::]:443 ssl http2;\nssl_certificate "))
    }

    @Test(
        "a value that nginx would read as more than a value is a bad setting",
        arguments: [
            ("PUBLIC_URL", "https://ads.example.com/"), ("PUBLIC_URL", "https://a\"; return 200 \"x"),
            ("PUBLIC_URL", "https://$host"), ("PUBLIC_URL", "javascript:x"), ("PUBLIC_URL", "https://a b"),
            ("PUBLIC_URL", "https://user@host"), ("TRUSTED_PROXIES", "0.0.0.0/0; }"), ("TRUSTED_PROXIES", "all"),
            ("ALLOWED_ORIGINS", "*"), ("ALLOWED_ORIGINS", "null"), ("ALLOWED_ORIGINS", "https://a\" $http_origin"),
            ("TRUSTED_USER_HEADER", "X User"), ("TRUSTED_USER_HEADER", "X-User"),
            ("TLS_CERTIFICATE", "/c.pem"), ("HTTPS_PORT", "8443"),
            ("CLIENT_CONCURRENCY", "0"), ("CLIENT_CONCURRENCY", "1; }"), ("CLIENT_CONCURRENCY", "65536"),
            ("HTTPS_ADDRESSES", "*"), ("HTTPS_ADDRESSES", "::"), ("HTTPS_ADDRESSES", "0.0.0.0; }"),
        ]
    )
    func bad(_ name: String, _ value: String) {
        #expect(throws: SettingsError.self) { try site([name: value]) }
    }
}
