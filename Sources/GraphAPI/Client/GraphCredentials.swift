extension GraphClient {
    package struct Credentials: Sendable {
        /// The configured version: `v23.0`.
        package var version: String
        /// The known versions; by default only the configured one.
        package var versions: VersionChoice?
        /// Whether Facebook is known to accept the version that comes first. Until then one call is made at a time.
        package var isVersionKnown = true
        package var token: String
        /// Signs the token; `nil` when the app is not known.
        package var appSecret: String?
        /// Other texts that must not go anywhere, should Facebook repeat them.
        package var hidden: [String] = []

        package init(version: String, token: String, appSecret: String?) {
            self.version = version
            self.token = token
            self.appSecret = appSecret
            versions = APIVersion(version).map { VersionChoice(configured: $0) }
        }
    }

    /// The client's clock. Times are seconds since 1970.
    package struct Clock {
        package var now: () -> Double
        /// Waits for so many seconds, or less.
        package var sleep: (Double) -> Void

        package init(now: @escaping () -> Double, sleep: @escaping (Double) -> Void) {
            self.now = now
            self.sleep = sleep
        }
    }
}
