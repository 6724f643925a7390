import HTTPMessages
import Store

@testable import Endpoints

/// Endpoints without a database: a body is read before any query.
private func makeEndpoints() -> Endpoints {
    let options = Store.Options(
        url: "host=/nonexistent",
        applicationName: "fuzz",
        statementTimeout: 0,
        responseTimeout: 0
    )
    let environment = Endpoints.Environment(
        syncInterval: 600,
        cronSecret: nil,
        startSync: { _ in },
        log: { _ in },
        now: { 0 }
    )
    return Endpoints(store: Store(options), environment: environment)
}

func checkBodies(_ input: [UInt8]) throws {
    let endpoints = makeEndpoints()
    let request = HTTPRequest(method: "POST", path: "/", headers: ["Content-Type": "application/json"], body: input)
    try check { _ = try endpoints.body(of: request, as: Endpoints.SyncRequest.self, like: "{}") }
    try check { _ = try endpoints.body(of: request, as: Endpoints.AccessRequest.self, like: "{}") }
    try check { _ = try endpoints.body(of: request, as: Endpoints.SignIn.self, like: "{}") }
    try check {
        let input = try endpoints.body(of: request, as: Endpoints.RevalidationRequest.self, like: "{}")
        for text in [input.tag, input.path].compactMap(\.self) {
            guard let target = RevalidationTarget(text) else { continue }
            try hold(text.utf8.first == 0x2F || target.reference != nil, "\(text) would revalidate every account")
            let start = text.utf8.first == 0x2F ? "/api/\(target.kind.rawValue)" : "\(target.kind.rawValue)-"
            try hold(text.utf8.starts(with: start.utf8), "\(text) was taken for \(target.kind)")
        }
    }
    // A body that is not declared as JSON is not read.
    let undeclared = HTTPRequest(method: "POST", path: "/", headers: ["Content-Type": "text/plain"], body: input)
    do {
        _ = try endpoints.body(of: undeclared, as: Endpoints.SyncRequest.self, like: "{}")
        throw Violation(description: "a body of plain text was taken")
    } catch let error as RequestError {
        try checkRefusal(error, [415])
    }
}

private func check(_ read: () throws -> Void) throws {
    do {
        try read()
    } catch let error as RequestError {
        try checkRefusal(error, [400])
    }
}
