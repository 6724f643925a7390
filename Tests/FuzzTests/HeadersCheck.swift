import HTTPMessages
import Model
import Store

@testable import Endpoints

func checkHeaders(_ input: [UInt8]) throws {
    var headers = HTTPHeaders()
    for line in String(decoding: input, as: UTF8.self).utf8.split(separator: 0x0A) {
        let halves = line.split(separator: UInt8(ascii: ":"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = String(halves[0]), halves.count > 1, let value = String(halves[1].drop { $0 == 0x20 }) else {
            continue
        }
        headers.add(name, value)
    }
    for isSecure in [false, true] {
        var request = HTTPRequest(method: "POST", path: "/", headers: headers)
        request.isSecure = isSecure
        try checkSession(request)
        try checkToken(request)
        try checkOrigin(request)
        try checkForm(request)
    }
}

private func checkSession(_ request: HTTPRequest) throws {
    let name = request.isSecure ? "__Host-admirror" : "admirror"
    let sent = request.headers.all("Cookie").flatMap { $0.utf8.split(separator: UInt8(ascii: ";")) }
        .map { Array($0.drop { $0 == 0x20 }) }.filter { $0.starts(with: Array("\(name)=".utf8)) }
    let id = SecretCookie.session.secret(in: request)
    if let id {
        try hold(sent == [Array("\(name)=\(id)".utf8)], "the session \(id) is not the one that was sent")
        try hold(id.utf8.count == 64, "a session id of \(id.utf8.count) bytes")
    }
    // Our cookie beside any of theirs: it is read if theirs has no cookie with our name, otherwise neither is.
    var ours = request
    let own = String(repeating: "5f", count: 32)
    ours.headers.add("Cookie", String(SecretCookie.session.set(own, for: request).prefix { $0 != ";" }))
    try hold(
        isSame(SecretCookie.session.secret(in: ours), sent.isEmpty ? own : nil),
        "a foreign cookie hides or replaces ours"
    )
}

private func checkToken(_ request: HTTPRequest) throws {
    guard let token = Credential.bearerToken(request) else { return }
    try hold(!token.isEmpty && token.utf8.first != 0x20, "a token that is none")
    var again = request
    again.headers["Authorization"] = "Bearer \(token)"
    try hold(isSame(Credential.bearerToken(again), token), "\(token) is read otherwise when sent again")
    try hold(Credential(request)?.isSentByItself == false, "a token has to go before everything else")
}

private func checkOrigin(_ request: HTTPRequest) throws {
    guard SameOrigin.isSender(of: request) else { return }
    if let site = request.headers["Sec-Fetch-Site"] {
        try hold(["same-origin", "none"].contains(site), "another site's request was taken: \(site)")
    } else if let origin = request.headers["Origin"], let host = request.headers["Host"] {
        let expected = ["http://", "https://"].map { "\($0)\(host.lowercased())" }
        try hold(expected.contains(origin.lowercased()), "another origin's request was taken: \(origin)")
    } else {
        try hold(request.headers["Origin"] == nil, "an origin without a host to compare it with was taken")
    }
}

private func checkForm(_ request: HTTPRequest) throws {
    for name in ["Accept", "Accept-Encoding"] {
        _ = Preference.weight(["text/csv", "gzip", "*/*"], in: request.headers[name])
    }
    let version = DataVersion([1])
    let key = CacheKey(
        .ads,
        AdAccount.ID(rawValue: "11111111-2222-3333-4444-555555555555"),
        version,
        AnswerDays(),
        question: ""
    )
    _ = key.tag.matches(request)
    var current = request
    current.headers["If-None-Match"] = "\(request.headers["If-None-Match"].map { "\($0)," } ?? "")\(key.tag.text)"
    try hold(key.tag.matches(current), "the tag is not found in \(current.headers["If-None-Match"] ?? "")")
    for text in request.headers.all("Grant") {
        // A key read by mistake would name another account's data.
        if let grant = CacheKey(text) { try hold(isSame(grant.text, text), "\(text) was read as \(grant.text)") }
    }
}
