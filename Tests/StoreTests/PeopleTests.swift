import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

@Suite struct PeopleTests {
    let sample: Sample
    let store: Store

    init() throws {
        sample = try Sample(role: nil)
        store = sample.store
    }

    private func admission(_ token: String, _ reference: String? = nil) throws -> Admission? {
        try store.admission(
            of: .token(AccessToken.hash(token)),
            to: AccountReference(reference ?? sample.facebookID)
        )
    }

    @Test("an address is added once, whatever its case, and kept as typed")
    func users() throws {
        #expect(try store.addUser(email: "Grace@Example.com"))
        #expect(try !store.addUser(email: "grace@example.com"))
        #expect(try store.users().map(\.email) == [Sample.email, "Grace@Example.com"])
        #expect(try store.removeUser(email: "GRACE@example.com"))
        #expect(try !store.removeUser(email: "grace@example.com"))
    }

    @Test("a role is granted, replaced and revoked")
    func roles() throws {
        #expect(try admission(sample.token)?.account == nil)
        #expect(try store.grant(.viewer, on: sample.account, to: "ADA@EXAMPLE.COM"))
        #expect(try admission(sample.token)?.account?.role == .viewer)
        #expect(try store.grant(.manager, on: sample.account, to: Sample.email))
        #expect(try admission(sample.token)?.account?.role == .manager)
        #expect(try store.grant(.owner, on: sample.account, to: Sample.email))
        #expect(try store.grant(.manager, on: sample.account, to: Sample.email, leavingOwners: true))
        #expect(try admission(sample.token)?.account?.role == .owner)
        #expect(try store.users().map(\.accounts) == [1])
        #expect(try store.revoke(on: sample.account, from: Sample.email))
        #expect(try !store.revoke(on: sample.account, from: Sample.email))
        #expect(try admission(sample.token)?.account == nil)
    }

    @Test("an owner who loses the role during their own request changes nothing")
    func lateOwner() throws {
        _ = try store.grant(.owner, on: sample.account, to: Sample.email)
        _ = try store.addUser(email: "grace@example.com")
        _ = try store.grant(.owner, on: sample.account, to: "grace@example.com")
        let other = sample.database.connect()
        let late = try other.transaction {
            try other.execute("SELECT FROM ad_accounts FOR NO KEY UPDATE")
            try other.execute(
                "DELETE FROM account_access USING users u WHERE u.id = user_id AND u.email = \(Sample.email)"
            )
            let (database, account) = (sample.database, sample.account)
            let late = Background {
                try database.store().changeRole(of: "grace@example.com", on: account, to: .viewer, by: Sample.email)
            }
            #expect(try sample.database.hasWaiter())
            return late
        }
        #expect(try late.value() == .notOwner)
        #expect(try store.access(to: sample.account).map(\.role) == [.owner])
    }

    @Test("a session that begins while the password changes is refused, in either order of the two")
    func lateSession() throws {
        let userID = try #require(try store.users().first).id
        #expect(try store.setPasswordHash("old", of: Sample.email))
        let database = sample.database
        let begin: @Sendable (String) throws -> Bool = { hash in
            try database.store().beginSession(
                idHash: sha256(hash.utf8),
                of: userID,
                verifiedBy: hash,
                from: "",
                agent: "",
                replacing: nil
            )
        }
        let other = database.connect()
        let late = try other.transaction {
            try other.execute("UPDATE users SET password_hash = 'new'")
            let late = Background { try begin("old") }
            #expect(try database.hasWaiter())
            try other.execute("DELETE FROM sessions")
            return late
        }
        #expect(try late.value() == false)
        let sessions = { try database.connect().integer("SELECT count(*) FROM sessions") }
        #expect(try sessions() == 0)
        #expect(try begin("new"))
        #expect(try sessions() == 1)
    }

    @Test("an unknown person gets no role and no token")
    func unknownPerson() throws {
        #expect(try !store.grant(.viewer, on: sample.account, to: "nobody@example.com"))
        #expect(
            try store.addAccessToken(hash: sha256("x".utf8), email: "nobody@example.com", label: "", days: nil) == nil
        )
    }

    @Test("one person's role gives another no access")
    func others() throws {
        _ = try store.grant(.viewer, on: sample.account, to: Sample.email)
        _ = try store.addUser(email: "grace@example.com")
        let token = AccessToken.generate()
        _ = try store.addAccessToken(hash: AccessToken.hash(token), email: "grace@example.com", label: "", days: 1)
        let admission = try #require(try admission(token))
        #expect(admission.email == "grace@example.com")
        #expect(admission.account == nil)
        #expect(try store.adAccounts(of: admission.userID) == [])
        let ada = try #require(try self.admission(sample.token))
        #expect(try store.adAccounts(of: ada.userID).map(\.role) == [.viewer])
    }

    @Test("unknown, expired and revoked tokens, and those of removed people, are not admitted")
    func deadTokens() throws {
        #expect(try admission("") == nil)
        #expect(try admission(AccessToken.generate()) == nil)
        #expect(try admission(sample.token) != nil)
        let connection = sample.database.connect()
        try connection.execute("UPDATE access_tokens SET expires_at = now() + interval '1 hour'")
        #expect(try admission(sample.token) != nil)
        try connection.execute("UPDATE access_tokens SET expires_at = now() - interval '1 second'")
        #expect(try admission(sample.token) == nil)
        try connection.execute("UPDATE access_tokens SET expires_at = NULL")
        let id = try #require(try store.accessTokens().first?.id)
        #expect(try store.revokeAccessToken(id: id) == 1)
        #expect(try admission(sample.token) == nil)
        #expect(try store.accessTokens().map(\.isRevoked) == [true])
        let fresh = AccessToken.generate()
        _ = try store.addAccessToken(hash: AccessToken.hash(fresh), email: Sample.email, label: "", days: nil)
        #expect(try admission(fresh) != nil)
        _ = try store.removeUser(email: Sample.email)
        #expect(try admission(fresh) == nil)
    }

    @Test("a token is valid for the requested number of days, or without end")
    func days() throws {
        _ = try store.addAccessToken(hash: sha256("a".utf8), email: Sample.email, label: "week", days: 7)
        let days = try sample.database.connect().integer(
            "SELECT extract(day FROM expires_at - created_at)::int FROM access_tokens WHERE label = 'week'"
        )
        #expect(days == 7)
        #expect(try store.accessTokens().map { $0.expiresAt == nil } == [true, false])
    }

    @Test("a prefix of a token's id revokes it only if it matches no other token")
    func prefix() throws {
        _ = try store.addAccessToken(hash: sha256("a".utf8), email: Sample.email, label: "second", days: nil)
        let connection = sample.database.connect()
        try connection.execute(
            "UPDATE access_tokens SET id = 'abcd0000-0000-4000-8000-000000000001' WHERE label = 'second'"
        )
        try connection.execute(
            "UPDATE access_tokens SET id = 'abcd0000-0000-4000-8000-000000000002' WHERE label = ''"
        )
        #expect(try store.revokeAccessToken(id: "abcd") == 2)
        #expect(try store.revokeAccessToken(id: "") == 2)
        #expect(try store.revokeAccessToken(id: "%") == 0)
        #expect(try store.revokeAccessToken(id: "ffff") == 0)
        #expect(try store.accessTokens().allSatisfy { !$0.isRevoked })
        #expect(try store.revokeAccessToken(id: "ABCD0000-0000-4000-8000-000000000001") == 1)
        #expect(try store.accessTokens().filter(\.isRevoked).map(\.label) == ["second"])
    }

    @Test("the use of a token is recorded at most once a minute")
    func lastUse() throws {
        let first = try #require(try admission(sample.token))
        #expect(first.shouldRecordUse)
        try store.recordUse(of: .token(AccessToken.hash(sample.token)))
        #expect(try admission(sample.token)?.shouldRecordUse == false)
        #expect(try store.accessTokens().first?.lastUsedAt != nil)
        try sample.database.connect().execute("UPDATE access_tokens SET last_used_at = now() - interval '61 seconds'")
        #expect(try admission(sample.token)?.shouldRecordUse == true)
    }
}

@Suite struct AccountTests {
    let sample: Sample
    let store: Store

    init() throws {
        sample = try Sample()
        store = sample.store
    }

    @Test("an account is found by its own id in any case, and by Facebook's with and without act_")
    func references() throws {
        let own = sample.account.rawValue
        for name in [own, own.uppercased(), sample.facebookID, "act_\(sample.facebookID)"] {
            #expect(try store.adAccount(AccountReference(name))?.id == sample.account, "\(name)")
            let admission = try store.admission(
                of: .token(AccessToken.hash(sample.token)),
                to: AccountReference(name)
            )
            #expect(admission?.account?.id == sample.account, "\(name)")
        }
    }

    @Test(
        "a reference that names no account finds none and does no harm",
        arguments: [
            "", "act_", "0", "act_act_10000000000001", "ACT_10000000000001", "10000000000001 ", "1' OR '1'='1", "💣",
            "00000000-0000-0000-0000-000000000000", "123456789012345678901", "१२३", "act_10000000000001/campaigns",
            "a\0b",
        ]
    )
    func wrongReferences(_ name: String) throws {
        #expect(try store.adAccount(AccountReference(name)) == nil)
    }

    @Test("adding a known account keeps its id and replaces its token")
    func addTwice() throws {
        let token = StoredToken(bytes: [1, 2, 3], keyID: "key")
        #expect(try store.addAdAccount(facebookID: sample.facebookID, name: "Other", token: token) == sample.account)
        #expect(try store.token(of: sample.account) == token)
        #expect(try store.adAccounts().map(\.account.name) == ["Sample"])
    }

    @Test("an invalid account id is refused", arguments: ["", "abc", "act_1", "123456789012345678901"])
    func badAccount(_ id: String) throws {
        #expect(throws: PostgresError.self) {
            try store.addAdAccount(facebookID: id, name: "", token: StoredToken(bytes: [1], keyID: "key"))
        }
        #expect(try store.adAccounts().count == 1)
    }

    @Test("removing an account removes its mirrored data, and nothing else")
    func remove() throws {
        try sample.sync()
        let other = try store.addAdAccount(facebookID: "42", name: "Other", token: StoredToken(bytes: [1], keyID: "k"))
        try store.removeAdAccount(sample.account)
        let connection = sample.database.connect()
        for table in ["campaigns", "ad_groups", "creatives", "sync_runs", "account_access"] {
            #expect(try connection.integer("SELECT count(*) FROM \(raw: table)") == 0, "\(table)")
        }
        #expect(try store.adAccounts().map(\.account.id) == [other])
        #expect(try store.users().count == 1)
    }

    @Test("today depends on the time zone, and an unknown zone has no today")
    func today() throws {
        let connection = sample.database.connect()
        for zone in ["Asia/Tokyo", "America/Los_Angeles", "asia/tokyo", "UTC"] {
            let expected = try connection.text("SELECT (now() AT TIME ZONE \(zone))::date")
            #expect(try store.today(in: zone)?.description == expected)
        }
        #expect(try store.today(in: "Mars/Olympus") == nil)
        #expect(try store.today(in: "'; DROP TABLE users; --") == nil)
    }
}
