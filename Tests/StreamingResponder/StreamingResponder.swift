import Compression
import FastCGI
import Foundation
import HTTPMessages
import Postgres

/// A FastCGI program with responses of any size, and with several ways of failing.
///
/// - `/pieces`: a body in pieces; see `Pieces`.
/// - `/rows?count=&database=`: rows of PostgreSQL as gzipped JSON.
/// - `/memory`: the current and the highest memory use of the process.
/// - `/user`: the user that nginx runs as.
/// - `/plain`: two bytes.
///
/// Arguments: a file for log lines, one for each response in pieces and one for each that was not read to its end; and
/// the number of threads.
@main
struct StreamingResponder {
    static func main() {
        let words = CommandLine.arguments
        let log = Log(path: words.count > 1 ? words[1] : "/dev/null")
        do {
            try Listener.serve(
                threads: words.count > 2 ? Int(words[2]) ?? 1 : 1,
                bodyLimit: 1024,
                onFailure: { log.add("failed: \($0)") },
                { answer(to: $0, log) }
            )
        } catch {
            log.add("ended: \(error)")
            exit(1)
        }
    }

    private static func answer(to request: HTTPRequest, _ log: Log) -> HTTPReply {
        let parameters = (try? QueryParameters(decoding: request.query)) ?? QueryParameters()
        func number(_ name: String) -> Int? { parameters[name].flatMap { Int($0) } }
        var response = HTTPResponse(status: 200, headers: ["Cache-Control": "max-age=60", "ETag": "\"1\""])
        var rest: (any BodySource)?
        switch request.path {
        case "/pieces":
            log.add("asked")
            let pieces = Pieces(number, log)
            response.body = Array("begin ".utf8)
            if number("length") == 1 { response.headers["Content-Length"] = "\(6 + pieces.count * pieces.size)" }
            rest = pieces
        case "/rows":
            response.headers["Content-Encoding"] = "gzip"
            rest = try? Rows(count: number("count") ?? 0, database: parameters["database"] ?? "postgres")
        case "/memory":
            response.headers["Cache-Control"] = "no-store"
            response.body = Array(memory().utf8)
        case "/user":
            response.headers["Cache-Control"] = "no-store"
            response.body = Array("\(request.serverUser.map { "\($0)" } ?? "unknown")".utf8)
        case "/plain":
            response.headers["Cache-Control"] = "no-store"
            response.body = Array("ok".utf8)
        default:
            response.status = 404
        }
        return HTTPReply(response, rest: rest)
    }

    private static func memory() -> String {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return status.split(separator: "\n").filter { $0.hasPrefix("VmRSS") || $0.hasPrefix("VmHWM") }.joined(
            separator: " "
        )
    }
}

struct Log {
    let path: String

    func add(_ line: String) {
        guard let file = fopen(path, "a") else { return }
        fputs(line + "\n", file)
        fclose(file)
    }
}

/// Identical pieces.
final class Pieces: BodySource {
    struct Broken: Error {}

    let count: Int
    let size: Int
    /// The number of the piece at which an error is thrown.
    private let failure: Int?
    /// The number of the piece at which the process kills itself.
    private let crash: Int?
    /// The delay before each piece, in milliseconds.
    private let pause: Int
    private let log: Log
    private var made = 0

    init(_ number: (String) -> Int?, _ log: Log) {
        count = number("count") ?? 10
        size = number("size") ?? 65536
        failure = number("fail")
        crash = number("crash")
        pause = number("pause") ?? 0
        self.log = log
    }

    func next() throws -> [UInt8]? {
        if made == failure { throw Broken() }
        if made == crash { kill(getpid(), SIGKILL) }
        guard made < count else { return nil }
        if pause > 0 { usleep(UInt32(pause) * 1000) }
        made += 1
        return [UInt8](repeating: UInt8(ascii: "x"), count: size)
    }

    func cancel() {
        log.add("cancelled after \(made)")
    }
}

/// The body of a table's response: rows to JSON to gzip, in pieces of about 64 KB.
final class Rows: BodySource {
    private let stream: RowStream
    private let gzip = GzipStream()
    private var json: [UInt8] = []
    private var hasEnded = false

    init(count: Int, database name: String) throws {
        json.reserveCapacity(80_000)
        let database = Connection(
            Connection.Options(
                url: "dbname=\(name)",
                applicationName: "streaming-responder",
                statementTimeout: 5000,
                responseTimeout: 5000
            )
        )
        stream = try database.stream(
            "SELECT n, md5(n::text) FROM (SELECT generate_series(1, \(count)::int) AS n) numbers",
            statementTimeout: 60_000
        )
    }

    func next() throws -> [UInt8]? {
        while !hasEnded {
            json.removeAll(keepingCapacity: true)
            while json.count < 65536, try add() {}
            hasEnded = json.count < 65536
            let piece = hasEnded ? gzip.compress(json) + gzip.finish() : gzip.compress(json)
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    private func add() throws -> Bool {
        try stream.next { row in
            json += "{\"id\":".utf8
            json += row.bytes(0) ?? UnsafeBufferPointer(start: nil, count: 0)
            json += ",\"name\":\"".utf8
            json += row.bytes(1) ?? UnsafeBufferPointer(start: nil, count: 0)
            json += "\"},\n".utf8
            return true
        } ?? false
    }

    func cancel() {
        stream.cancel()
    }
}
