import Endpoints
import HTTPMessages
import Model
import Postgres
import Secrets
import Store
import TestSupport
import Testing

/// Every route, as every kind of person, for their own account, another person's, and one that does not exist.
@Suite struct RoleTests {
    enum Person: String, CaseIterable, Sendable {
        case nobody, stranger, viewer, manager, owner

        var role: Role? { Role(rawValue: rawValue) }
    }

    struct Route: Sendable, CustomTestStringConvertible {
        let method: String
        let path: String
        /// The lowest role that is allowed; `nil` for a route that concerns no account.
        let role: Role?
        var body = ""
        /// The status for those who are allowed.
        var status = 200

        var testDescription: String { "\(method) \(path)" }

        static let all =
            ["campaigns", "ad-sets", "ads", "insights", "changes", "sync/status"].map {
                Route(method: "GET", path: "/api/\($0)", role: .viewer)
            } + [
                Route(
                    method: "POST",
                    path: "/api/sync",
                    role: .manager,
                    body: #"{"adAccountId":"ACCOUNT","force":true}"#,
                    status: 202
                ),
                Route(method: "POST", path: "/api/revalidate", role: .manager, body: #"{"tag":"ads-ACCOUNT"}"#),
                Route(method: "GET", path: "/api/access", role: .owner),
                Route(
                    method: "PUT",
                    path: "/api/access",
                    role: .owner,
                    body: #"{"adAccountId":"ACCOUNT","email":"stranger@example.com","role":"viewer"}"#
                ),
                Route(
                    method: "DELETE",
                    path: "/api/access",
                    role: .owner,
                    body: #"{"adAccountId":"ACCOUNT","email":"viewer@example.com"}"#
                ),
            ]
    }

    let bench: Bench
    let other: AdAccount.ID

    init() throws {
        bench = try Bench(role: nil)
        other = try bench.sample.store.addAdAccount(
            facebookID: "42",
            name: "Other",
            token: StoredToken(bytes: [1], keyID: "k")
        )
        // Another person's account, with data.
        _ = try bench.sample.store.grant(.owner, on: other, to: Sample.email)
    }

    private func ask(_ route: Route, as bearer: HTTPHeaders, about account: String) -> HTTPResponse {
        bench.send(
            route.method,
            route.path,
            "adAccountId=\(account)",
            headers: bearer,
            adding: route.body.isEmpty ? [:] : ["Content-Type": "application/json"],
            body: route.body.replacing("ACCOUNT", with: account)
        )
    }

    @Test(
        "only people with the required role get an answer; for all others the account does not exist",
        arguments: Route.all
    )
    func matrix(_ route: Route) throws {
        // Another owner, so that the routes that remove a role leave one.
        for person in Person.allCases.filter({ $0 != .nobody }) {
            _ = try bench.newPerson("\(person.rawValue)@example.com", role: person.role)
        }
        for person in Person.allCases {
            let bearer = person == .nobody ? [:] : try bearer(of: "\(person.rawValue)@example.com")
            let unknown = ask(route, as: bearer, about: "99999")
            for foreign in [other.rawValue, "act_42"] {
                let answer = ask(route, as: bearer, about: foreign)
                #expect(answer.status == (person == .nobody ? 401 : 404), "\(person)")
                #expect(
                    answer.body == unknown.body && answer.headers == unknown.headers,
                    "\(person) can tell them apart"
                )
            }
            // The request that nginx makes before it looks into its cache.
            let key = bench.send("GET", "/_authorize\(route.path)", "adAccountId=\(other)", headers: bearer).headers[
                "X-Cache-Key"
            ]
            #expect(key == nil)

            let own = ask(route, as: bearer, about: bench.id)
            switch person {
            case .nobody: #expect(own.status == 401)
            case .stranger: #expect(own.body == unknown.body && own.status == 404)
            default:
                if let role = person.role, let least = route.role, role >= least {
                    #expect(own.status == route.status, "\(person): \(own.text)")
                } else {
                    #expect(own.status == 403, "\(person): \(own.text)")
                }
            }
        }
    }

    private func bearer(of email: String) throws -> HTTPHeaders {
        let token = AccessToken.generate()
        _ = try bench.sample.store.addAccessToken(hash: AccessToken.hash(token), email: email, label: "", days: nil)
        return ["Authorization": "Bearer \(token)"]
    }

    @Test("an owner grants and revokes roles, and the last owner stays")
    func owners() throws {
        let owner = try bench.newPerson("owner@example.com", role: .owner)
        _ = try bench.newPerson("grace@example.com", role: nil)
        func change(_ method: String, _ email: String, _ role: String?) -> HTTPResponse {
            let member = role.map { #","role":"\#($0)""# } ?? ""
            return bench.send(
                method,
                "/api/access",
                headers: owner,
                adding: ["Content-Type": "application/json"],
                body: #"{"adAccountId":"\#(bench.id)","email":"\#(email)"\#(member)}"#
            )
        }
        let granted = change("PUT", "Grace@example.com", "manager")
        #expect(granted.json["access"].list.map { $0["role"].string } == ["manager", "owner"])
        #expect(isError(change("PUT", "nobody@example.com", "viewer"), 404, "USER_NOT_FOUND"))
        #expect(isError(change("PUT", "grace@example.com", "king"), 400, "BODY_INVALID"))
        #expect(isError(change("DELETE", "owner@example.com", nil), 409, "LAST_OWNER"))
        #expect(isError(change("PUT", "owner@example.com", "viewer"), 409, "LAST_OWNER"))
        #expect(change("PUT", "grace@example.com", "owner").status == 200)
        #expect(change("DELETE", "owner@example.com", nil).status == 200)
        #expect(change("DELETE", "grace@example.com", nil).status == 404)
        let events = try bench.sample.store.auditEvents(limit: 2).map { "\($0.event) \($0.detail)" }
        #expect(events == ["role_revoked owner@example.com", "role_granted grace@example.com is owner"])
    }
}
