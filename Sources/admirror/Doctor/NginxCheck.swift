import Program

/// nginx: whether it has all modules and a valid configuration, and whether its caches are private.
struct NginxCheck: Check {
    let area = "nginx"
    /// The main file of its configuration.
    let configuration: String
    /// The output of `nginx -T` from a caller with permission; `nil` to run it here.
    let dump: String?

    private static let modules = [
        "http_auth_request_module", "http_realip_module", "http_gunzip_module", "http_sub_module", "http_ssl_module",
        "http_v2_module",
    ]

    func look() -> [Finding] {
        guard let build = ProgramOutput.of(["nginx", "-V"]), build.status == 0 else {
            return [problem("is not installed", "apt-get install nginx")]
        }
        let missing = Self.modules.filter { !build.text.contains("--with-\($0)") }
        guard missing.isEmpty else {
            return [problem("was built without \(missing.joined(separator: ", "))", "apt-get install nginx")]
        }
        guard let text = dump ?? test() else {
            return [
                problem(
                    "the test of its configuration hangs",
                    "check the files that \(configuration) includes: reading one may hang"
                )
            ]
        }
        if let reason = text.split(separator: "\n").first(where: { $0.hasPrefix("nginx: [emerg]") }) {
            return [
                reason.contains("Permission denied")
                    ? warning("only root can test its configuration: \(reason)", "sudo admirror doctor")
                    : problem(
                        "its configuration is not valid: \(reason)",
                        "fix the line in the message, and reload nginx"
                    )
            ]
        }
        guard text.contains("upstream admirror_responders") else {
            return [
                problem(
                    "\(configuration) does not include AdMirror's server",
                    "admirror-setup, or set NGINX_CONFIGURATION"
                )
            ]
        }
        return [ok("the configuration is valid, and all modules are installed")] + caches(text)
            + descriptors(text)
    }

    /// - Returns: what nginx says of its configuration; `nil` when it had to be stopped.
    private func test() -> String? {
        ProgramOutput.of(["nginx", "-T", "-q", "-e", "stderr", "-c", configuration]).flatMap {
            $0.status == nil ? nil : $0.text
        }
    }

    private func descriptors(_ text: String) -> [Finding] {
        guard let files = NginxDescriptors(dump: text) else { return [] }
        guard !files.suffice else { return [ok("each worker may open \(files.allowed) files")] }
        return [
            warning(
                "each worker may open \(files.allowed) files, and \(files.connections) connections may need"
                    + " \(files.needed): nginx returns 503 without free files",
                "admirror-setup, or set worker_rlimit_nofile to \(files.needed) in \(configuration)"
            )
        ]
    }

    private func caches(_ text: String) -> [Finding] {
        let user = text.firstMatch(of: #/(?m)^\s*user\s+"?(?<name>[^\s";]+)/#).map { String($0.output.name) }
        return text.matches(of: #/fastcgi_cache_path +"?(?<folder>[^"\s]+)"? .*keys_zone=(?<zone>[a-z_]+):/#).flatMap {
            match in
            let folder = String(match.output.folder)
            guard let mode = Host.mode(of: folder) else {
                return [problem("the cache folder \(folder) is missing", "restart nginx, which creates it")]
            }
            guard Host.canWrite(in: folder, as: user.flatMap(Host.id(ofUser:))) else {
                return [
                    problem(
                        "nginx\(user.map { ", which runs as \($0)," } ?? "") may not write into the cache folder \(folder)",
                        "restart nginx, which gives the folder its owner and mode"
                    )
                ]
            }
            guard Host.hasRoom(for: 0, in: folder) else {
                return [warning("nginx cannot store in \(folder): it is full or read-only", "df -h \(folder)")]
            }
            // A cache file contains the entry's key in plain text, and the key of an authorization contains a
            // credential.
            return match.output.zone == "authorizations" && mode & 0o077 != 0
                ? [
                    problem(
                        "others can read \(folder), whose files contain credentials",
                        run: "chmod 700 '\(folder)'"
                    )
                ]
                : [ok("the cache folder \(folder) exists")]
        }
    }
}
