import Endpoints
import HTTPMessages
import Secrets
import Store
import TestSupport
import Testing

/// Endpoints whose person has a password, for tests that sign in.
protocol SigningIn {
    var bench: Bench { get }
}

extension Sample {
    static let password = "correct horse  battery staple"
}

extension Bench {
    /// A bench whose person has `Sample.password`.
    static func withPassword() throws -> Bench {
        let bench = try Bench()
        let hash = try #require(Passwords.hash(Sample.password))
        #expect(try bench.sample.store.setPasswordHash(hash, of: Sample.email))
        return bench
    }
}

extension SigningIn {
    func request(
        _ method: String,
        _ path: String,
        query: String = "",
        _ headers: HTTPHeaders = [:],
        body: String = "",
        isSecure: Bool = false,
        address: String = "192.0.2.1"
    ) -> HTTPResponse {
        var request = HTTPRequest(method: method, path: path, query: query, headers: headers, body: Array(body.utf8))
        request.isSecure = isSecure
        request.clientAddress = address
        return bench.endpoints.answer(request)
    }

    /// The body of /api/session.
    func request(
        _ method: String,
        query: String = "",
        _ headers: HTTPHeaders = [:],
        body: String = "",
        isSecure: Bool = false,
        address: String = "192.0.2.1"
    ) -> HTTPResponse {
        request(method, "/api/session", query: query, headers, body: body, isSecure: isSecure, address: address)
    }

    func signIn(
        _ email: String = Sample.email,
        _ password: String = Sample.password,
        _ headers: HTTPHeaders = [:],
        isSecure: Bool = false,
        address: String = "192.0.2.1"
    ) -> HTTPResponse {
        var all: HTTPHeaders = ["Content-Type": "application/json"]
        for field in headers.fields { all.add(field.name, field.value) }
        let body = #"{"email":"\#(email)","password":"\#(password)"}"#
        return request("POST", all, body: body, isSecure: isSecure, address: address)
    }

    /// The cookie that a response sets, as a browser sends it back.
    func cookie(_ response: HTTPResponse) throws -> HTTPHeaders {
        let pair = try #require(response.headers["Set-Cookie"]?.split(separator: ";").first)
        return ["Cookie": "theme=dark; \(pair)"]
    }

    func isSignedIn(_ cookie: HTTPHeaders) -> Bool {
        request("GET", cookie).json["user"]["email"].string == Sample.email
    }
}
