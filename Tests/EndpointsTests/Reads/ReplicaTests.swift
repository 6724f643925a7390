import Endpoints
import HTTPMessages
import Model
import Postgres
import Store
import TestSupport
import Testing

/// The source of rows when `DATABASE_READ_URL` names another database.
@Suite struct ReplicaTests {
    let bench: Bench
    /// The replica has the account and one campaign.
    let replica: TemporaryDatabase
    let path = "/api/campaigns"

    init() throws {
        bench = try Bench()
        replica = try TemporaryDatabase()
        let version = try bench.sample.database.connect().integer("SELECT campaigns_version FROM ad_accounts")
        try sql(
            """
            INSERT INTO ad_accounts (id, facebook_account_id, campaigns_version) VALUES ('\(bench.id)', '1', \(version ?? 0));
            INSERT INTO campaigns (facebook_campaign_id, ad_account_id, name, status, effective_status)
                VALUES ('1', '\(bench.id)', 'of the replica', 'ACTIVE', 'ACTIVE')
            """
        )
    }

    private func sql(_ script: String) throws { try replica.connect().runScript(script) }

    private func endpoints(primary: Store? = nil, replica: Store? = nil) -> Endpoints {
        bench.makeEndpoints(primary ?? bench.sample.store, replica: replica ?? self.replica.store())
    }

    private func get(_ endpoints: Endpoints, grant: String? = nil) -> HTTPResponse {
        var request = HTTPRequest(path: path, query: "adAccountId=\(bench.id)", headers: bench.bearer)
        request[.grant] = grant
        return endpoints.answer(request)
    }

    private func isOfReplica(_ response: HTTPResponse) -> Bool {
        #expect(response.status == 200, "\(response.text)")
        return response.json["campaigns"].list.map { $0["name"].string } == ["of the replica"]
    }

    private var away: Store {
        var options = replica.options
        options.url = "host=/nonexistent dbname=none"
        return Store(options)
    }

    @Test("rows come from the replica, under the replica's version")
    func current() throws {
        let response = get(endpoints())
        #expect(isOfReplica(response))
        #expect(response.headers["ETag"] == bench.get(path).headers["ETag"])
        // A replica that is ahead of the authorization's version is also used.
        try sql("UPDATE ad_accounts SET campaigns_version = campaigns_version + 1")
        let newer = get(endpoints())
        #expect(isOfReplica(newer))
        #expect(newer.headers["ETag"] != response.headers["ETag"])
    }

    @Test("a replica that is behind, or does not have the account, is not used for it")
    func behind() throws {
        let endpoints = endpoints()
        try bench.sql("UPDATE ad_accounts SET campaigns_version = campaigns_version + 1")
        let response = get(endpoints)
        #expect(!isOfReplica(response))
        #expect(response.headers["ETag"] == bench.get(path).headers["ETag"])
        try sql("UPDATE ad_accounts SET campaigns_version = campaigns_version + 1")
        #expect(isOfReplica(get(endpoints)))
        try sql("DELETE FROM ad_accounts")
        #expect(!isOfReplica(get(endpoints)))
        #expect(bench.logs.isEmpty)
    }

    @Test(
        "a replica that is unreachable, or has another schema, is skipped for five seconds",
        arguments: [true, false]
    )
    func gone(isAway: Bool) throws {
        if !isAway { try sql("DELETE FROM schema_migrations") }
        let endpoints = endpoints(replica: isAway ? away : nil)
        for _ in 0..<3 { #expect(!isOfReplica(get(endpoints))) }
        #expect(bench.logs.count == 1)
        bench.now = 4.9
        #expect(!isOfReplica(get(endpoints)))
        #expect(bench.logs.count == 1)
        bench.now = 5
        #expect(!isOfReplica(get(endpoints)))
        #expect(bench.logs.count == 2)
    }

    @Test("a replica that is too slow costs one response, and the next comes from the primary")
    func slow() throws {
        var options = replica.options
        options.statementTimeout = 300
        let endpoints = endpoints(replica: Store(options))
        #expect(isOfReplica(get(endpoints)))
        let holder = replica.connect()
        try holder.execute("BEGIN")
        try holder.execute("LOCK TABLE campaigns IN ACCESS EXCLUSIVE MODE")
        let response = get(endpoints)
        #expect(isError(response, 503, "DATABASE_UNAVAILABLE"))
        #expect(response.headers["Retry-After"] != nil)
        #expect(!isOfReplica(get(endpoints)))
        try holder.execute("ROLLBACK")
        bench.now = 5
        #expect(isOfReplica(get(endpoints)))
    }

    @Test("a hung replica does not delay reads from the primary")
    func hanging() throws {
        var options = replica.options
        options.responseTimeout = 300
        let endpoints = endpoints(replica: Store(options))
        #expect(isOfReplica(get(endpoints)))
        let holder = replica.connect()
        try holder.execute("BEGIN")
        try holder.execute("LOCK TABLE campaigns IN ACCESS EXCLUSIVE MODE")
        #expect(isError(get(endpoints), 503, "DATABASE_UNAVAILABLE"))
        #expect(!isOfReplica(get(endpoints)))
        try holder.execute("ROLLBACK")
    }

    @Test("while the primary is away the replica's older rows are returned, but not cached")
    func primaryAway() throws {
        try bench.sql("UPDATE ad_accounts SET campaigns_version = campaigns_version + 1")
        let grant = bench.get("/_authorize\(path)").headers["X-Cache-Key"]
        let response = get(endpoints(primary: away), grant: grant)
        #expect(isOfReplica(response))
        #expect(response.headers["Cache-Control"] == "no-store")
    }

    @Test("rows and their version are of the same moment, whatever is committed meanwhile")
    func snapshot() throws {
        let options = bench.sample.database.options
        let connectionOptions = bench.sample.database.connectionOptions
        let id = bench.id
        let bearer = bench.bearer
        try bench.sql("UPDATE campaigns SET name = (SELECT campaigns_version::text FROM ad_accounts)")
        let wrong = try inThreads(3) { thread in
            guard thread > 0 else {
                let connection = Connection(connectionOptions)
                for _ in 0..<300 {
                    try connection.transaction {
                        try connection.execute("UPDATE ad_accounts SET campaigns_version = campaigns_version + 1")
                        try connection.execute(
                            "UPDATE campaigns SET name = (SELECT campaigns_version::text FROM ad_accounts)"
                        )
                    }
                }
                return 0
            }
            let endpoints = Endpoints(
                store: Store(options),
                environment: Endpoints.Environment(
                    syncInterval: 600,
                    cronSecret: nil,
                    startSync: { _ in },
                    log: { _ in },
                    now: { 0 }
                )
            )
            var wrong = 0
            for _ in 0..<100 {
                let response = endpoints.answer(
                    HTTPRequest(path: "/api/campaigns", query: "adAccountId=\(id)", headers: bearer)
                )
                let names = Set(response.json["campaigns"].list.map { $0["name"].string ?? "" })
                let version = response.headers["ETag"]?.split(separator: ".").last?.dropLast()
                if names.count != 1 || names.first != version.map(String.init) { wrong += 1 }
            }
            return wrong
        }
        #expect(wrong == [0, 0, 0])
    }
}
