/// A FastCGI client that requests keep-alive, as nginx does, and reads until the responder closes the connection.
/// https://fastcgi-archives.github.io/FastCGI_Specification.html
enum FastCGIClient {
    struct Answer {
        var output: [UInt8] = []
        /// Whether the responder marked the response as ended.
        var hasEnd = false
    }

    static func get(_ path: String, _ query: String, over socket: Socket) throws -> Answer {
        try ask(path, query, over: socket)
        return answer(from: socket)
    }

    static func ask(_ path: String, _ query: String, over socket: Socket) throws {
        var parameters: [UInt8] = []
        for (name, value) in [("REQUEST_METHOD", "GET"), ("SCRIPT_NAME", path), ("QUERY_STRING", query)] {
            parameters += [UInt8(name.utf8.count), UInt8(value.utf8.count)]
            parameters += Array(name.utf8) + Array(value.utf8)
        }
        // Role 1 is a responder, flag 1 keeps the connection.
        let begin: [UInt8] = [0, 1, 1, 0, 0, 0, 0, 0]
        try socket.send(record(1, begin) + record(4, parameters) + record(4, []) + record(5, []))
    }

    private static func record(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
        [1, type, 0, 1, UInt8(content.count >> 8), UInt8(content.count & 255), 0, 0] + content
    }

    static func answer(from socket: Socket) -> Answer {
        var answer = Answer()
        var rest = socket.readToEnd()[...]
        while rest.count >= 8 {
            let head = Array(rest.prefix(8))
            let length = Int(head[4]) << 8 | Int(head[5])
            let content = rest.dropFirst(8).prefix(length)
            if head[1] == 6 { answer.output += content }
            if head[1] == 3 { answer.hasEnd = true }
            rest = rest.dropFirst(8 + length + Int(head[6]))
        }
        return answer
    }
}
