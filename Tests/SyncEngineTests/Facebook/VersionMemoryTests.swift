import GraphAPI
import GraphSimulator
import HTTPMessages
import Postgres
import Store
import SyncEngine
import TestSupport
import Testing

/// One process finds out which version Facebook accepts; all others call that version at once.
@Suite struct VersionMemoryTests {
    let sample: Sample

    init() throws {
        sample = try Sample()
    }

    /// A client as each process makes one, and the requests that it sends.
    private final class Process {
        var versions: [String] = []
        private let sample: Sample
        private let configured: String

        init(_ sample: Sample, configured: String = "v23.0") {
            self.sample = sample
            self.configured = configured
        }

        lazy var client: GraphClient = {
            let memory = VersionMemory(store: sample.database.store(), app: "app", wait: { _ in })
            let credentials = GraphClient.Credentials(
                version: configured,
                token: GraphSimulator.demoToken,
                appSecret: nil
            )
            let client = GraphClient(
                memory.prepare(credentials),
                exchanges: SequentialExchanges { [unowned self, sample] request in
                    versions.append(String(request.path.split(separator: "/")[0]))
                    return sample.simulator.respond(to: request)
                },
                clock: GraphClient.Clock(
                    now: { [sample] in sample.clock.now },
                    sleep: { [sample] in sample.clock.now += $0 }
                )
            )
            memory.listen(to: client)
            return client
        }()
    }

    /// The versions that a process calls for two objects.
    private func versions(configured: String = "v23.0") throws -> [String] {
        let process = Process(sample, configured: configured)
        _ = try process.client.adAccount(sample.facebookID)
        _ = try process.client.adAccount(sample.facebookID)
        return process.versions
    }

    private func record() throws -> GraphVersionRecord? { try sample.store.graphVersions().first }

    @Test("after the first process no other makes a failing call or searches again")
    func once() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(try versions() == ["v23.0", "v25.0", "v25.0"])
        for _ in 0..<3 { #expect(try versions() == ["v25.0", "v25.0"]) }
        let record = try #require(try record())
        #expect(record.configured == "v23.0" && record.accepted == "v25.0" && record.reason == "named")
        #expect(record.endsOn == "2027-02-23")
    }

    @Test("after a refusal that names no version the next ones are tried, and each fails once a day at most")
    func unnamed() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v26.0","silent":true}"#)
        sample.order(#"{"fault":"version_expired","version":"v24.0","current":"v26.0","silent":true}"#)
        sample.order(#"{"fault":"version_expired","version":"v25.0","current":"v26.0","silent":true}"#)
        #expect(try versions() == ["v23.0", "v24.0", "v25.0", "v26.0", "v26.0"])
        #expect(try versions() == ["v26.0", "v26.0"])
        #expect(try record()?.reason == "tried")
        #expect(try sample.store.refusedGraphVersions(app: "app") == ["v23.0", "v24.0", "v25.0"])
    }

    @Test("if every known version is refused, the next processes make no call")
    func none() throws {
        sample.order(#"{"fault":"version_expired","current":"v99.0","silent":true}"#)
        #expect(throws: GraphError.self) { try versions() }
        let process = Process(sample)
        do {
            _ = try process.client.adAccount(sample.facebookID)
            Issue.record("a version was accepted")
        } catch let error as GraphError {
            #expect(error.kind == .versionExpired(nil))
        }
        #expect(process.versions == [])
    }

    @Test("a version that Facebook upgrades by itself is replaced by the one that answers, without a failing call")
    func upgraded() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0","upgrade":true}"#)
        #expect(try versions() == ["v23.0", "v25.0"])
        #expect(try versions() == ["v25.0", "v25.0"])
        #expect(try record()?.reason == "upgraded")
    }

    @Test("an accepted version is stored too, and checked again after a week, by one process")
    func weekly() throws {
        #expect(try versions() == ["v23.0", "v23.0"])
        #expect(try record()?.reason == "configured")
        let connection = sample.database.connect()
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(try versions() == ["v23.0", "v25.0", "v25.0"])
        try connection.execute("UPDATE graph_versions SET checked_at = now() - interval '8 days'")
        try connection.execute("UPDATE graph_version_refusals SET refused_at = now() - interval '8 days'")
        #expect(try versions() == ["v23.0", "v25.0", "v25.0"])
        #expect(try versions() == ["v25.0", "v25.0"])
    }

    @Test("a changed setting is tried, and no version below it is called")
    func setting() throws {
        sample.order(#"{"fault":"version_expired","version":"v23.0","current":"v25.0"}"#)
        #expect(try versions() == ["v23.0", "v25.0", "v25.0"])
        #expect(try versions(configured: "v26.0") == ["v26.0", "v26.0"])
        #expect(try record()?.accepted == "v26.0")
    }

    @Test("a process that finds another one searching waits for its result")
    func claim() throws {
        let store = sample.store
        #expect(try store.claimGraphVersion(app: "app", configured: "v23.0") == .mine)
        #expect(try store.claimGraphVersion(app: "app", configured: "v23.0") == .underway)
        #expect(try store.claimGraphVersion(app: "other", configured: "v23.0") == .mine)
        var waits = 0
        let memory = VersionMemory(store: sample.database.store(), app: "app") { _ in
            waits += 1
            guard waits == 3 else { return }
            do {
                try store.recordGraphVersion("v25.0", configured: "v23.0", reason: "named", endsOn: nil, app: "app")
            } catch {
                Issue.record(error)
            }
        }
        let credentials = memory.prepare(GraphClient.Credentials(version: "v23.0", token: "t", appSecret: nil))
        #expect(credentials.versions?.current == APIVersion(25))
        #expect(credentials.isVersionKnown)
        #expect(waits == 3)
    }

    @Test("a process that died during its search is replaced after half a minute")
    func abandoned() throws {
        #expect(try sample.store.claimGraphVersion(app: "app", configured: "v23.0") == .mine)
        try sample.database.connect().execute("UPDATE graph_versions SET claimed_at = now() - interval '31 seconds'")
        #expect(try sample.store.claimGraphVersion(app: "app", configured: "v23.0") == .mine)
    }
}
