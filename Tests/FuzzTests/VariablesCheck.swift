import Endpoints
import HTTPMessages

@testable import FastCGI

/// A request as its variables and its body, passed on in small pieces.
private final class WrittenExchange: Exchange {
    private let variables: [[UInt8]]
    private var rest: ArraySlice<UInt8>

    /// - Parameter input: in a line, the byte 1 means a line feed. A variable ends before a NUL, as in C.
    init(_ input: [UInt8]) {
        var lines: [[UInt8]] = []
        var rest = input[...]
        while let end = rest.firstIndex(of: 0x0A), end > rest.startIndex {
            lines.append(rest[..<end].prefix { $0 != 0 }.map { $0 == 1 ? 0x0A : $0 })
            rest = rest[(end + 1)...]
        }
        variables = lines
        self.rest = rest.dropFirst()
    }

    var names: [String] { variables.map { String(decoding: $0.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self) } }

    func values(_ name: String) -> [[UInt8]] {
        let prefix = Array("\(name)=".utf8)
        return variables.filter { $0.starts(with: prefix) }.map { Array($0.dropFirst(prefix.count)) }
    }

    var peer: UInt32? { nil }

    func forEachVariable(_ body: (UnsafePointer<CChar>) -> Void) {
        for variable in variables {
            (variable + [0]).withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { body(base.assumingMemoryBound(to: CChar.self)) }
            }
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let piece = rest.prefix(min(buffer.count, 7))
        buffer.copyBytes(from: piece)
        rest = rest.dropFirst(piece.count)
        return piece.count
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> Bool { true }
    func flush() -> Bool { true }
}

func checkVariables(_ input: [UInt8]) throws {
    let limit = 64
    let exchange = WrittenExchange(input)
    let request = exchange.request(bodyLimit: limit)
    try hold(request.body.count <= limit, "a body of \(request.body.count) bytes was read")
    try hold(!request.isBodyTooLarge || request.body.isEmpty, "a body that is too large was read")
    try hold(!request.path.isEmpty, "there is no path")
    let fields = request.headers.fields
    for text in [request.method, request.path, request.query, request.clientAddress]
        + fields.flatMap({ [$0.name, $0.value] })
    {
        try hold(text.utf8.allSatisfy { $0 < 0x80 }, "not ASCII: \(text)")
    }
    for field in fields {
        try hold(!field.value.utf8.contains { [0, 0x0A, 0x0D].contains($0) }, "a header of several lines: \(field)")
    }
    if let length = exchange.values("CONTENT_LENGTH").last, !length.isEmpty,
        length.allSatisfy({ (0x30...0x39).contains($0) })
    {
        let isLarge = length.drop { $0 == 0x30 }.count > 2 || Int(String(decoding: length, as: UTF8.self)) ?? 0 > limit
        try hold(
            request.isBodyTooLarge == isLarge,
            "CONTENT_LENGTH misread: \(String(decoding: length, as: UTF8.self))"
        )
    }
    // The server in front passes its findings in variables of its own. No client header can set one.
    for (variable, what) in [(ServerVariable.grant, "grant"), (.user, "user")] {
        let value = request[variable]
        try hold(
            value == nil || exchange.names.contains(variable.rawValue),
            "a \(what) out of nowhere: \(value ?? "")"
        )
    }
}
