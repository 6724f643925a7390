import Foundation
import HTTPMessages
import Testing

extension ReadPathTests {
    @Test("every response to schemathesis's requests matches the API description")
    func schemathesis() throws {
        let program = try #require(ProcessInfo.processInfo.environment["ADMIRROR_SCHEMATHESIS"])
        let folder = stack.state.appending(path: "schemathesis")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var environment = ProcessInfo.processInfo.environment
        environment["ADMIRROR_TOKEN"] = stack.token
        environment["ADMIRROR_ACCOUNT"] = "act_\(Stack.yen)"
        environment["ADMIRROR_CRON_SECRET"] = try stack.secret("cron_secret")
        environment["HOME"] = folder.path
        let result = try Command.run(
            "/bin/sh",
            [
                "-c",
                """
                cd '\(folder.path)'
                exec '\(program)' --config-file '\(Stack.root)/Tests/APITests/schemathesis.toml' run \
                  http://127.0.0.1:\(stack.port)/api/openapi.json --phases examples,coverage,fuzzing --max-examples 20 \
                  --workers 1 --no-color
                """,
            ],
            environment: environment
        )
        #expect(result.status == 0, "\(result.output.suffix(6000))\(result.errors.suffix(1000))")
        #expect(result.output.contains("31 passed"))
    }

    @Test("the documentation page and the OpenAPI document need no token, and the page runs no script")
    func description() throws {
        let page = try stack.send("GET", "/api/docs", token: .some(nil))
        #expect(page.status == 200)
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.headers["Content-Security-Policy"]?.contains("script-src") == false)
        #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'") == true)
        #expect(page.text.contains("<script") == false)
        let document = try stack.send("GET", "/api/openapi.json", token: .some(nil))
        #expect(try document.json()["openapi"] as? String == "3.1.0")
    }

    @Test("nginx's own refusals have the form of all errors")
    func serverErrors() throws {
        let long = try stack.send("GET", "/api/ads?q=\(String(repeating: "x", count: 9000))")
        #expect(long.status == 414 && long.code == "ADDRESS_TOO_LONG")
        let headers = try stack.send("GET", "/api/ads", headers: [("X-Large", String(repeating: "x", count: 40_000))])
        #expect(headers.status == 400 && headers.code == "REQUEST_MALFORMED")
        let trace = try stack.send("TRACE", "/api/ads")
        #expect(trace.status == 405 && trace.code == "METHOD_NOT_ALLOWED" && trace.headers["Allow"] != nil)
    }
}
