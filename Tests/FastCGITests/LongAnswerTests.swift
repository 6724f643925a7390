import Foundation
import HTTPClient
import HTTPMessages
import Postgres
import TestSupport
import Testing

/// Responses that are produced while they are sent, by a real program behind a real nginx.
@Suite struct LongAnswerTests {
    /// Whether these are the bytes of `/pieces`, after any headers. (Compared here, because `#expect` would spend hours
    /// computing the difference of two large arrays.)
    private func isWhole(_ bytes: [UInt8], _ count: Int) -> Bool {
        bytes.suffix(6 + count) == (Array("begin ".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: count))[...]
    }

    @Test("a response of unknown length arrives complete, also from nginx's cache")
    func whole() throws {
        let server = try Server()
        for status in ["MISS", "HIT"] {
            let response = try server.get("/pieces", "count=50&size=65536")
            #expect(response.headers["X-Cache"] == status)
            #expect(response.headers["Content-Length"] == nil)
            #expect(response.body.count == 6 + (50 << 16) && isWhole(response.body, 50 << 16))
        }
        #expect(server.log == ["asked"])
    }

    @Test("pieces are sent as they are produced, small ones too")
    func immediate() throws {
        let server = try Server()
        let socket = try Socket(port: server.port)
        try socket.send(Array("GET /pieces?count=2&size=3&pause=1000&nostore=1 HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
        var begin: [UInt8] = []
        while !begin.suffix(200).contains(0x78), begin.count < 1000 { begin += socket.read() }
        #expect(String(decoding: begin, as: UTF8.self).contains("begin xxx"))
        #expect(!String(decoding: begin, as: UTF8.self).contains("xxxx"))
    }

    @Test(
        "a response that breaks off fails for its reader too, and is not cached",
        arguments: ["fail=5", "crash=5"],
        ["", "&length=1", "&nostore=1"]
    )
    func broken(how: String, option: String) throws {
        let server = try Server()
        #expect(server.failure("/pieces", "count=10&\(how)\(option)") == .broken)
        #expect(server.failure("/pieces", "count=10&\(how)\(option)") == .broken)
        #expect(server.log.count { $0 == "asked" } == 2)
        #expect(comesTrue { server.failures == (how == "fail=5" ? 2 : 0) })
        // A request for something else still gets its response.
        #expect(try server.get("/plain").body == Array("ok".utf8))
    }

    @Test("a response that fails before its first byte is an error of nginx")
    func failedAtStart() throws {
        let server = try Server()
        #expect(try server.get("/pieces", "fail=0").status == 502)
        #expect(comesTrue { server.log.contains("cancelled after 0") })
    }

    @Test("a reader that disconnects stops the work")
    func gone() throws {
        let server = try Server(processes: 1)
        try server.leave("/pieces?count=1000000&pause=1&nostore=1")
        #expect(comesTrue { server.log.contains { $0.hasPrefix("cancelled after") } })
        #expect(try server.get("/plain").status == 200)
    }

    @Test("a reader that disconnects does not stop a response that nginx stores for the next one")
    func goneButStored() throws {
        let server = try Server()
        try server.leave("/pieces?count=20&pause=10")
        let isStored = try comesTrue { try server.get("/pieces", "count=20&pause=10").headers["X-Cache"] == "HIT" }
        #expect(isStored)
        #expect(!server.log.contains { $0.hasPrefix("cancelled") })
    }

    @Test("HEAD leaves the body unread")
    func head() throws {
        let server = try Server()
        let response = try server.get("/pieces", "count=5&nostore=1", method: "HEAD")
        #expect(response.status == 200)
        #expect(response.headers["Content-Length"] == nil)
        #expect(server.log == ["asked", "cancelled after 0"])
    }

    @Test("slow readers occupy no responder, because nginx's cache receives the response")
    func slow() throws {
        let server = try Server(processes: 1)
        let socket = try Socket(port: server.port)
        try socket.send(Array("GET /pieces?count=500 HTTP/1.1\r\nHost: test\r\n\r\n".utf8))
        _ = socket.read()
        #expect(try server.get("/plain").status == 200)
    }

    // MARK: Rows

    @Test("40 MB of rows arrive complete, and the responder needs 48 MB of memory at most")
    func memory() throws {
        let server = try Server(processes: 1)
        let response = try server.get("/rows", "count=720000")
        #expect(response.body.count > 40_000_000)
        let lines = response.body.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 720_000)
        #expect(lines.last?.starts(with: "{\"id\":720000,\"name\":".utf8) == true)
        let memory = String(decoding: try server.get("/memory").body, as: UTF8.self)
        let kilobytes = memory.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        #expect(kilobytes.count == 2)
        #expect(kilobytes.allSatisfy { $0 < 48 << 10 }, "\(memory)")
    }

    @Test("if the database stops sending rows, the response breaks off")
    func lostDatabase() throws {
        let (server, database) = (try Server(), try TemporaryDatabase(isMigrated: false))
        let connection = database.connect()
        let name = try #require(try connection.text("SELECT current_database()"))
        let (port, path) = (server.port, "/rows?count=1234567890&nostore=1&database=\(name)")
        let answer = Background {
            let socket = try Socket(port: port)
            try socket.send(Array("GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".utf8))
            var (size, end) = (0, [UInt8]())
            while true {
                let bytes = socket.read()
                guard !bytes.isEmpty else { return (size, end) }
                size += bytes.count
                end = Array((bytes.count < 5 ? end + bytes : bytes).suffix(5))
            }
        }
        #expect(try comesTrue { try isAtWork(connection) })
        try database.terminateOthers(but: connection)
        let (size, end) = try answer.value()
        #expect(size > 0)
        #expect(end != Array("0\r\n\r\n".utf8))
        #expect(comesTrue { server.failures == 1 })
    }

    @Test("rows that nobody reads end their statement in the database")
    func abandonedRows() throws {
        let (server, database) = (try Server(), try TemporaryDatabase(isMigrated: false))
        let connection = database.connect()
        let name = try #require(try connection.text("SELECT current_database()"))
        try server.leave("/rows?count=1234567890&nostore=1&database=\(name)")
        #expect(try comesTrue { try !isAtWork(connection) })
    }

    private func isAtWork(_ connection: Connection) throws -> Bool {
        try connection.integer(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ) != 0
    }

    // MARK: Without nginx

    @Test("a connection is closed after its response, even if the client requests keep-alive", arguments: [1, 2])
    func notKept(threads: Int) throws {
        let server = try Server(processes: 1, threads: threads)
        let plain = try FastCGIClient.get("/plain", "", over: Socket(path: server.socketPath))
        #expect(plain.output.suffix(2) == Array("ok".utf8)[...])
        #expect(plain.hasEnd)
        let pieces = try FastCGIClient.get("/pieces", "count=5&size=100000", over: Socket(path: server.socketPath))
        #expect(isWhole(pieces.output, 500_000))
        #expect(pieces.hasEnd)
    }

    @Test("a response that breaks off is not marked as ended", arguments: [1, 2])
    func noEnd(threads: Int) throws {
        let server = try Server(processes: 1, threads: threads)
        for _ in 0..<3 {
            let answer = try FastCGIClient.get("/pieces", "count=5&fail=2", over: Socket(path: server.socketPath))
            #expect(isWhole(answer.output, 131_072))
            #expect(!answer.hasEnd)
        }
        #expect(comesTrue { server.failures == 3 })
        #expect(try server.get("/plain").status == 200)
    }

    @Test("a responder that is asked to end while it writes finishes the response first", arguments: [1, 2])
    func ending(threads: Int) throws {
        let server = try Server(processes: 1, threads: threads)
        let socket = try Socket(path: server.socketPath)
        try FastCGIClient.ask("/pieces", "count=50", over: socket)
        #expect(comesTrue { server.log == ["asked"] })
        usleep(100_000)  // by then it waits for us to read
        server.endResponders()
        usleep(100_000)
        let answer = FastCGIClient.answer(from: socket)
        #expect(isWhole(answer.output, 50 << 16))
        #expect(answer.hasEnd)
    }

    @Test("a responder knows which user nginx runs as", arguments: [1, 2])
    func user(threads: Int) throws {
        let server = try Server(threads: threads)
        #expect(try server.get("/user").body == Array("\(geteuid())".utf8))
    }

    @Test("as a plain CGI program it writes the whole response, and exits with failure if that breaks off")
    func commonGateway() throws {
        func run(_ query: String) throws -> (status: Int32, output: [UInt8]) {
            let file = FileManager.default.temporaryDirectory.appending(path: "cgi-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            let environment = ["REQUEST_METHOD": "GET", "PATH_INFO": "/pieces", "QUERY_STRING": query]
            let status = try Program(Server.program, environment: environment, output: file.path).wait()
            return (status, [UInt8](try Data(contentsOf: file)))
        }
        let whole = try run("count=5")
        #expect(whole.status == 0)
        #expect(isWhole(whole.output, 5 << 16))
        let broken = try run("count=5&fail=2")
        #expect(broken.status == 1)
        #expect(isWhole(broken.output, 2 << 16))
    }
}
