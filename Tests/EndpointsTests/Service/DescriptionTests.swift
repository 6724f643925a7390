import Endpoints
import Foundation
import HTTPMessages
import Model
import Postgres
import TestSupport
import Testing

/// The API description, compared with the responses and README.
@Suite struct DescriptionTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
    let bench: Bench
    let document: JSON

    init() throws {
        bench = try Bench()
        document = bench.send("GET", "/api/openapi.json", headers: [:]).json
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    private func snippet(_ name: String) throws -> String {
        try #require(NginxSnippet.all.first { $0.name == name }).text
    }

    /// Path, method and operation of every described operation.
    private var operations: [(path: String, method: String, operation: JSON)] {
        document["paths"].names.sorted().flatMap { path in
            document["paths"][path].names.sorted().map { (path, $0.uppercased(), document["paths"][path][$0]) }
        }
    }

    @Test("every described route is answered, and accepts exactly the described methods")
    func routes() {
        #expect(operations.count == 32)
        for path in document["paths"].names {
            let described = Set(operations.filter { $0.path == path }.map(\.method))
            let allow = bench.send("OPTIONS", path, headers: [:]).headers["Allow"] ?? ""
            let allowed = Set(allow.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
            #expect(
                allowed == described.union(described.contains("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"]),
                "\(path)"
            )
        }
    }

    @Test("nginx lets through the methods of the routes, and nothing else")
    func methodsInServer() throws {
        let lines = try snippet("route-methods.conf").matches(
            of: /^"?(?:~\^)?(\/[a-z.\/\[\]^+-]+)(?:\\z")? "([A-Z, ]+)";$/.anchorsMatchLineEndings()
        )
        let taken = Dictionary(uniqueKeysWithValues: lines.map { (String($0.output.1), String($0.output.2)) })
        let server = try snippet("route-locations.conf")
        let reads = try #require(server.firstMatch(of: /location ~ \^\(\?:(.+)\)\\z \{/)).output.1.split(separator: "|")
        for path in document["paths"].names {
            // nginx has a regular expression for a part of the path that is a parameter.
            let pattern = path.replacing(/{[A-Za-z]+}/, with: "[^/]+")
            let location = pattern == path ? "location = \(path) {" : "location ~ ^\(pattern)\\z {"
            #expect(taken[pattern] == bench.send("OPTIONS", path, headers: [:]).headers["Allow"], "\(path)")
            #expect(server.contains(location) != reads.contains { $0 == pattern }, "\(path)")
        }
        #expect(taken.count == document["paths"].names.count)
    }

    @Test("a route described as needing the database returns 503 while it hangs, and all others respond")
    func hangingDatabase() throws {
        let hanging = DatabaseMark(isSet: { true }, set: { false }, clear: {})
        let endpoints = bench.makeEndpoints(bench.sample.store, databaseMark: hanging)
        for (path, method, operation) in operations {
            let schema = operation["responses"]["503"]["content"]["application/json"]["schema"]
            let codes = (schema["anyOf"].list + [schema]).flatMap {
                $0["properties"]["code"]["enum"].list.compactMap(\.string)
            }
            let response = endpoints.answer(HTTPRequest(method: method, path: path, headers: bench.bearer))
            #expect(isError(response, 503, "DATABASE_UNAVAILABLE") == codes.contains("DATABASE_UNAVAILABLE"), "\(path)")
        }
    }

    @Test("every described parameter is read: sending it twice is refused")
    func parameters() throws {
        for (path, method, operation) in operations where method == "GET" {
            for parameter in operation["parameters"].list where parameter["in"].string == "query" {
                guard let name = parameter["name"].string else { continue }
                let response = bench.send("GET", path, "\(name)=1&\(name)=1")
                // What may occur several times is read, too: "1" is no value of it.
                let code = parameter["explode"].boolean == true ? "PARAMETER_INVALID" : "PARAMETER_REPEATED"
                #expect(isError(response, 400, code), "\(path) \(name)")
            }
            let unknown = bench.send("GET", path, "adAccountId=\(bench.id)&unknown=1&unknown=2")
            #expect(unknown.code != "PARAMETER_REPEATED", "\(path)")
        }
    }

    @Test("the rows' members are the described ones, in their order", arguments: TableRoute.all)
    func members(_ route: TableRoute) {
        let schema = document["paths"][route.path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        let row = schema["properties"][route.member]["items"]
        #expect(row["required"].list.compactMap(\.string) == ["id"])
        let known = bench.fields.filter { $0["levels"].list.contains { $0.string == route.level } }
        #expect(row["properties"].names == Set(known.compactMap { $0["name"].string } + ["previous"]))
        let defaults = bench.fields.filter { $0["default"].list.contains { $0.string == route.level } }
        #expect(Set(defaults.compactMap { $0["name"].string }) == Set(route.names))
    }

    @Test("the description and README have every error code, and no other")
    func codes() throws {
        let folder = Self.root.appending(path: "Sources/Endpoints/Errors")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let source = try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let known = Set(source.matches(of: /"([A-Z][A-Z_]{3,})"/).map { String($0.output.1) })
        #expect(known.count > 20)
        var described: Set = ["METHOD_NOT_ALLOWED", "ROUTE_UNKNOWN"]
        for (_, _, operation) in operations {
            for status in operation["responses"].names {
                let schema = operation["responses"][status]["content"]["application/json"]["schema"]
                for candidate in schema["anyOf"].list + [schema] {
                    described.formUnion(candidate["properties"]["code"]["enum"].list.compactMap(\.string))
                }
            }
        }
        #expect(described == known)
        let table = try text("README.md").matches(
            of: /^\| \d{3} \| `([A-Z_]+)` \| .+ \| .+ \|$/.anchorsMatchLineEndings()
        )
        #expect(Set(table.map { String($0.output.1) }) == known)
    }

    @Test("README has every route, and no other")
    func routesInReadme() throws {
        let named = try text("README.md").matches(of: /`(GET|HEAD|POST|PUT|DELETE) (\/[A-Za-z.\/{}-]+)/).map {
            "\($0.output.1) \($0.output.2)"
        }
        #expect(Set(named) == Set(operations.map { "\($0.method) \($0.path)" }))
    }

    @Test("nginx's own errors match the description")
    func serverErrors() throws {
        let lines = try snippet("error-answers.conf").matches(of: /return (\d{3}) '(.*)';/)
        #expect(lines.count == 8)
        let page = bench.send("GET", "/api/docs", headers: [:]).text
        for line in lines {
            let body = line.output.2
            let json = JSON(Array(body.utf8))
            let code = try #require(json["code"].string)
            guard code != "METHOD_NOT_ALLOWED" else { continue }
            if code == "ROUTE_UNKNOWN" {
                #expect(body == bench.send("GET", "/api/nothing", headers: [:]).text)
                continue
            }
            let message = try #require(json["error"].string)
            let hint = try #require(json["hint"].string)
            #expect(
                page.contains("<td>\(line.output.1)</td><td><code>\(code)</code></td><td>\(message) \(hint)</td>"),
                "\(code)"
            )
        }
    }

    @Test("the page has every route, and none of our texts ends its markup")
    func page() {
        let page = bench.send("GET", "/api/docs", headers: [:]).text
        for (path, method, _) in operations { #expect(page.contains("<h2><code>\(method) \(path)</code></h2>")) }
        #expect(
            page.matches(
                of:
                    /<(?!\/?(?:html|head|meta|title|link|body|main|h1|h2|p|a|code|nav|ul|li|section|strong|table|thead|tbody|tr|th|td|pre|small|br|!doctype)\b)/
            ).isEmpty
        )
    }
}
