internal import ASCII
internal import HTTPMessages

extension Exchange {
    /// The request, with everything copied: libfcgi frees its variables when the request is finished.
    func request(bodyLimit: Int) -> HTTPRequest {
        var variables: [String: String] = [:]
        var headers = HTTPHeaders()
        forEachVariable { variable in
            let text = asciiText(of: variable)
            guard let separator = text.firstIndex(of: "=") else { return }
            let name = String(text[..<separator])
            let value = String(text[text.index(after: separator)...])
            if name.hasPrefix("HTTP_") {
                headers.add(String(name.dropFirst(5).replacing("_", with: "-")), value)
            } else {
                variables[name] = value
            }
        }
        if let type = variables["CONTENT_TYPE"], !type.isEmpty { headers.add("Content-Type", type) }

        var request = HTTPRequest(
            method: variables["REQUEST_METHOD"] ?? "GET",
            path: path(variables),
            query: variables["QUERY_STRING"] ?? "",
            headers: headers
        )
        request.id = variables["REQUEST_ID"] ?? ""
        request.clientAddress = variables["REMOTE_ADDR"] ?? ""
        request.isSecure = variables["HTTPS"] == "on"
        request.variables = variables
        request.serverUser = peer
        let length = contentLength(variables["CONTENT_LENGTH"] ?? "")
        if length > bodyLimit {
            request.isBodyTooLarge = true
        } else {
            request.body = readBody(length)
        }
        return request
    }

    /// A number beyond the range is too large; a text that is not a number counts as 0.
    private func contentLength(_ text: String) -> Int {
        Int(text) ?? (text.isDigits ? .max : 0)
    }

    /// nginx sends the path in `SCRIPT_NAME`; a CGI server splits it, and ours is what follows the program's own path.
    private func path(_ variables: [String: String]) -> String {
        for name in ["PATH_INFO", "SCRIPT_NAME"] {
            if let path = variables[name], !path.isEmpty { return path }
        }
        return "/"
    }

    private func readBody(_ length: Int) -> [UInt8] {
        guard length > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            while count < length {
                let got = read(
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                )
                guard got > 0 else { return }
                count += got
            }
        }
    }
}

/// A variable as text in which every byte outside ASCII is percent-encoded, so that nothing is lost or replaced: bytes
/// of a query string that are not UTF-8 are found where the query is decoded.
private func asciiText(of variable: UnsafePointer<CChar>) -> String {
    let text = String(cString: variable)
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    var bytes: [UInt8] = []
    var next = variable
    while next.pointee != 0 {
        let byte = UInt8(bitPattern: next.pointee)
        bytes += byte < 0x80 ? [byte] : Hexadecimal.percentEncoded(byte)
        next = next.advanced(by: 1)
    }
    return String(decoding: bytes, as: UTF8.self)
}
