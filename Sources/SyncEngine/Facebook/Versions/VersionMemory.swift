package import GraphAPI
internal import Model
package import Store

/// Lets all processes call the version of the Graph API that one of them found, without a failing call of their own.
package struct VersionMemory {
    private let store: Store
    private let app: String
    private let wait: (Double) -> Void

    /// - Parameters:
    ///   - app: The app of the versions; empty for an app without an id.
    ///   - wait: Waits so many seconds while another process finds out.
    package init(store: Store, app: String, wait: @escaping (Double) -> Void) {
        self.store = store
        self.app = app
        self.wait = wait
    }

    /// Credentials with the version to call. A database that does not answer costs nothing but this knowledge.
    package func prepare(_ credentials: GraphClient.Credentials) -> GraphClient.Credentials {
        guard let configured = APIVersion(credentials.version) else { return credentials }
        var credentials = credentials
        var accepted: APIVersion?
        var isKnown = false
        do {
            // A child that was killed in the middle gives way after half a minute.
            for _ in 0..<50 {
                let claim = try store.claimGraphVersion(app: app, configured: credentials.version)
                if case .known(let record) = claim {
                    accepted = APIVersion(record.accepted)
                    isKnown = true
                }
                if claim != .underway { break }
                wait(0.2)
            }
            let refused = try store.refusedGraphVersions(app: app).compactMap { APIVersion($0) }
            credentials.versions = VersionChoice(configured: configured, accepted: accepted, refused: Set(refused))
            credentials.isVersionKnown = isKnown
        } catch {
            credentials.versions = VersionChoice(configured: configured)
        }
        return credentials
    }

    /// Writes down what a client learns.
    package func listen(to client: GraphClient) {
        let configured = client.configuredVersion
        client.learned = { [store, app] lesson in
            switch lesson {
            case .refused(let version):
                try? store.recordRefusedGraphVersion("\(version)", app: app)
            case .accepted(let version, let reason):
                try? store.recordGraphVersion(
                    "\(version)",
                    configured: configured,
                    reason: reason.rawValue,
                    endsOn: VersionCalendar.end(of: version)?.description,
                    app: app
                )
            }
        }
    }
}
