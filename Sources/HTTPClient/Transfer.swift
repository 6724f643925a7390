internal import CCurl
internal import HTTPMessages

/// One of libcurl's easy handles: takes one request after the other to the server, and gathers what comes back.
///
/// From `prepare` until `finish` or `reset` it has to stay where it is: libcurl knows its address.
final class Transfer {
    /// Where requests go, and how long and how large an exchange may get.
    struct Server {
        let baseURL: String
        let limits: HTTPClient.Limits
        let authorities: String?

        /// Plain HTTP, which is for a server nearby.
        var isPlain: Bool { baseURL.hasPrefix("http:") }
    }

    let handle: UnsafeMutableRawPointer
    private let server: Server
    /// The lines of the request's header; libcurl does not copy them.
    private var fields: UnsafeMutablePointer<curl_slist>?
    private var received = Received()

    /// The data received so far.
    private struct Received {
        var headers = HTTPHeaders()
        /// All header lines, including those of interim responses.
        var headerSize = 0
        /// The empty line has come.
        var isHeaderComplete = false
        /// The body as received; gzip is decompressed at the end.
        var body: [UInt8] = []
        var excess: TransportError?
        /// The server's network address is not public.
        var isAddressRefused = false
    }

    init(to server: Server) throws(TransportError) {
        guard let handle = curl_easy_init() else { throw TransportError(code: .failed, message: "out of memory") }
        self.handle = handle
        self.server = server
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(fields)
    }

    // MARK: Request

    func prepare(_ request: HTTPRequest) throws(TransportError) {
        // Anything else could change the host: `https://graph.facebook.com` and `@example.com/`.
        guard request.target.hasPrefix("/") else { throw TransportError(code: .failed, message: "not a path") }
        setRules()
        set(CURLOPT_URL, server.baseURL + request.target)
        set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }
        if !request.body.isEmpty {
            admirror_curl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
            request.body.withUnsafeBytes { body in
                _ = admirror_curl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, body.baseAddress)
            }
        } else if request.method == "POST" {
            set(CURLOPT_COPYPOSTFIELDS, "")  // so that a length of 0 is sent
        }
        try setHeaders(of: request)

        let context = Unmanaged.passUnretained(self).toOpaque()
        admirror_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
        admirror_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        admirror_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody)
        admirror_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    }

    private func setRules() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, server.isPlain ? "http" : "https")
        if server.isPlain {
            // No proxy may see the token.
            set(CURLOPT_PROXY, "")
            set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        } else {
            set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
            // Several at a time share a connection where the server speaks HTTP/2. Whether it does is known after the
            // handshake, so the first request makes it and the others wait for that.
            set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
            set(CURLOPT_PIPEWAIT, 1)
        }
        if server.limits.onlyPublicAddresses {
            // A proxy would resolve the name anew.
            set(CURLOPT_PROXY, "")
            admirror_curl_set_opensocket(handle, openSocket)
            admirror_curl_set_pointer(handle, CURLOPT_OPENSOCKETDATA, Unmanaged.passUnretained(self).toOpaque())
        }
        if let authorities = server.authorities { set(CURLOPT_CAINFO, authorities) }
        // The Graph API's ETags depend on it, so it stays the same.
        set(CURLOPT_USERAGENT, "AdMirror")
        set(CURLOPT_CONNECTTIMEOUT, server.limits.connect)
        set(CURLOPT_TIMEOUT, server.limits.exchange)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, server.limits.silence)
        // Names are looked up in a thread of libcurl's. Giving up must not wait for the end of it.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setHeaders(of request: HTTPRequest) throws(TransportError) {
        // A name without a value takes away what libcurl would add.
        var lines = ["Expect:"]
        if request.body.isEmpty { lines.append("Content-Type:") }
        if request.headers["Accept-Encoding"] == nil { lines.append("Accept-Encoding: gzip") }
        for field in request.headers.fields {
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        for line in lines {
            // A null pointer leaves the list as it was.
            guard let longer = curl_slist_append(fields, line) else {
                throw TransportError(code: .failed, message: "out of memory")
            }
            fields = longer
        }
        admirror_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        admirror_curl_set_long(handle, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) {
        admirror_curl_set_string(handle, option, value)  // libcurl copies it
    }

    /// libcurl has resolved the server's name and is about to connect to this address.
    fileprivate func mayConnect(to address: UnsafeMutablePointer<curl_sockaddr>) -> Bool {
        let isPublic = PublicAddress.bytes(address).map(PublicAddress.isPublic) ?? false
        if !isPublic { received.isAddressRefused = true }
        return isPublic
    }

    // MARK: Response

    /// - Returns: whether there is room for it.
    fileprivate func addHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        received.headerSize += line.count
        guard received.headerSize <= server.limits.headers else {
            received.excess = .tooLarge(server.limits.headers)
            return false
        }
        if line.starts(with: "HTTP/".utf8) {
            // A status line: what came before was an interim response.
            received.headers = HTTPHeaders()
            received.isHeaderComplete = false
        } else if line.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
            received.isHeaderComplete = true
        } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            received.headers.add(
                String(decoding: line[..<colon], as: UTF8.self),
                String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self)
            )
        }
        return true
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || 0x09...0x0D ~= $0 }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return bytes[bytes.endIndex...] }
        return bytes[first...last]
    }

    /// - Returns: whether there is room for it.
    fileprivate func addBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard received.body.count + bytes.count <= server.limits.body else {
            received.excess = .tooLarge(server.limits.body)
            return false
        }
        received.body.append(contentsOf: bytes)
        return true
    }

    /// The result of the request, after libcurl has finished and released the handle.
    func finish(_ code: CURLcode) -> Result<HTTPResponse, TransportError> {
        defer { reset() }
        do {
            return .success(try response(code))
        } catch {
            return .failure(error)
        }
    }

    private func response(_ code: CURLcode) throws(TransportError) -> HTTPResponse {
        if let excess = received.excess { throw excess }
        if received.isAddressRefused {
            throw TransportError(code: .refused, message: "its host has a private address")
        }
        guard code == CURLE_OK else { throw TransportError(curl: code, isSent: number(CURLINFO_REQUEST_SIZE) > 0) }
        // libcurl is content with a server that hangs up between two header lines.
        guard received.isHeaderComplete else {
            throw TransportError(code: .broken, message: "the response ended within its header")
        }
        return HTTPResponse(
            status: number(CURLINFO_RESPONSE_CODE),
            headers: received.headers,
            body: try body()
        )
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        admirror_curl_get_long(handle, info, &value)
        return value
    }

    private func body() throws(TransportError) -> [UInt8] {
        guard !received.body.isEmpty else { return [] }
        return switch received.headers["Content-Encoding"]?.lowercased() {
        case nil, "", "identity": received.body
        case "gzip", "x-gzip": try gunzip(received.body, limit: server.limits.body)
        default: throw TransportError(code: .broken, message: "the response has an encoding that was not requested")
        }
    }

    /// Forgets the request, also one that is given up. Its memory is freed.
    func reset() {
        curl_easy_reset(handle)
        curl_slist_free_all(fields)
        fields = nil
        received = Received()
    }
}

// MARK: Callbacks

// Each gets the address of its transfer, and returns fewer bytes than it was offered to end the exchange.

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.addHeader(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.addBody(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
}

private func openSocket(
    _ context: UnsafeMutableRawPointer?,
    _ purpose: curlsocktype,
    _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address else { return -1 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    guard transfer.mayConnect(to: address) else { return -1 }
    return admirror_curl_socket(address)
}
