import Foundation
import HTTPMessages
import Secrets
import Store
import TestSupport
import Testing

/// Failing sign-ins: wrong passwords, invalid bodies, and too many attempts.
@Suite struct SignInTests: SigningIn {
    let bench: Bench

    init() throws {
        bench = try .withPassword()
    }

    @Test(
        "an unknown address and a wrong password get the same answer",
        arguments: [
            (Sample.email, "wrong password"), ("nobody@example.com", Sample.password),
            ("without@example.com", Sample.password),
            (Sample.email, ""),
            (Sample.email, "correct horse battery staple"), ("nobody@example.com", ""),
        ]
    )
    func refused(_ email: String, _ password: String) throws {
        _ = try bench.sample.store.addUser(email: "without@example.com")
        let response = signIn(email, password)
        #expect(isError(response, 401, "SIGN_IN_REFUSED"))
        #expect(response.body == signIn("someone@else.example", "x").body)
        #expect(response.headers["Set-Cookie"] == nil)
    }

    @Test("an unknown address costs as much time as a wrong password")
    func cost() throws {
        let hash = Passwords.hash("y")
        let unknown = try #require((0..<5).map { _ in processorSeconds { _ = Passwords.matches("x", nil) } }.min())
        let known = try #require((0..<5).map { _ in processorSeconds { _ = Passwords.matches("x", hash) } }.min())
        // Both hash once: a comparison without hashing would take a thousandth of the time.
        #expect((0.3...3).contains(unknown / known))
    }

    /// The processor time that a closure takes in this thread. It excludes the work of other programs.
    private func processorSeconds(_ body: () -> Void) -> Double {
        func now() -> Double {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
        let before = now()
        body()
        return now() - before
    }

    @Test("ten failures in a quarter of an hour block a person's sign-ins from any address, and nobody else's")
    func throttled() throws {
        for index in 0..<10 { #expect(signIn(Sample.email, "x", address: "192.0.2.\(index)").status == 401) }
        let response = signIn(address: "198.51.100.7")
        #expect(isError(response, 429, "SIGN_IN_THROTTLED"))
        #expect((1...900).contains(Int(response.headers["Retry-After"] ?? "") ?? 0))
        #expect(signIn("other@example.com", "x").status == 401)
        // An unknown address is blocked alike.
        for _ in 0..<10 { _ = signIn("ghost@example.com", "x", address: "203.0.113.1") }
        #expect(signIn("ghost@example.com", "x").status == 429)
        try bench.sql("UPDATE sign_in_failures SET at = at - interval '16 minutes'")
        #expect(signIn().status == 200)
        #expect(signIn().status == 200)
    }

    @Test("fifty failures from one address block that address")
    func throttledAddress() {
        for index in 0..<50 { _ = signIn("p\(index)@example.com", "x") }
        #expect(isError(signIn(), 429, "SIGN_IN_THROTTLED"))
        #expect(signIn(address: "192.0.2.2").status == 200)
    }

    @Test("addresses of one IPv6 /64 count as one address, and another network's count separately")
    func throttledNetwork() {
        for index in 0..<50 { _ = signIn("p\(index)@example.com", "x", address: "2001:db8:0:1::\(index)") }
        #expect(isError(signIn(address: "2001:db8:0:1:ffff:ffff:ffff:ffff"), 429, "SIGN_IN_THROTTLED"))
        #expect(signIn(address: "2001:db8:0:2::1").status == 200)
        for address in ["::ffff:192.0.2.9", "::1", ":", "unix:", ""] {
            #expect(signIn(address: address).status == 200, "\(address)")
        }
    }

    @Test("while enough responders hash passwords, a sign-in is deferred and counts as no failure")
    func busy() throws {
        let other = bench.sample.database.store()
        let slot = try #require(try other.acquireSlot(for: .hashing, host: "", of: 1))
        for _ in 0..<11 {
            let answer = signIn()
            #expect(isError(answer, 429, "SIGN_IN_THROTTLED"))
            #expect(answer.headers["Retry-After"] == "1")
        }
        #expect(bench.get("/api/campaigns").status == 200)
        try other.release(slot)
        #expect(signIn().status == 200)
        // Each hash releases its slot.
        #expect(signIn(Sample.email, "wrong").status == 401)
        #expect(try other.acquireSlot(for: .hashing, host: "", of: 1) != nil)
    }

    @Test(
        "an invalid sign-in body is refused",
        arguments: [
            "", "[]", "{}", #"{"email":"a@b"}"#, #"{"password":"x"}"#, #"{"email":"","password":"x"}"#,
            #"{"email":1,"password":"x"}"#,
            #"{"email":"a\u0000@b","password":"x"}"#,
            #"{"email":"a@b","password":"\#(String(repeating: "x", count: 1001))"}"#,
        ]
    )
    func nonsense(_ body: String) {
        #expect(
            isError(request("POST", ["Content-Type": "application/json"], body: body), 400, "BODY_INVALID"),
            "\(body.prefix(40))"
        )
    }
}
