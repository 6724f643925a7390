internal import CCurl
internal import Glibc
package import HTTPMessages

/// Sends requests to one server with libcurl, keeping its connection open between them.
///
/// TLS is verified, redirects are never followed (the answer that names one comes back as it is, so no header of ours
/// ever goes to another host), and gzip is accepted and undone.
package final class HTTPClient {
    package struct Limits: Sendable {
        /// Seconds.
        package var connect = 10
        /// Seconds for a whole exchange.
        package var exchange = 180
        /// Seconds without a byte after which an exchange is given up.
        package var silence = 60
        /// Bytes of a body, after gzip was undone.
        package var body = 64 << 20

        package init() {}
    }

    private let baseURL: String
    private let limits: Limits
    private let handle: UnsafeMutableRawPointer

    /// - Parameter baseURL: what goes before each request's path, such as `https://graph.facebook.com`.
    package init(baseURL: String, limits: Limits = Limits()) throws(TransportError) {
        guard let handle = curl_easy_init() else { throw TransportError(code: .failed, message: "out of memory") }
        self.handle = handle
        self.baseURL = baseURL
        self.limits = limits
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    package func send(_ request: HTTPRequest) throws(TransportError) -> HTTPResponse {
        curl_easy_reset(handle)  // keeps the connections
        configure()
        set(CURLOPT_URL, baseURL + request.target)
        set(CURLOPT_CUSTOMREQUEST, request.method)
        if request.method == "HEAD" { set(CURLOPT_NOBODY, 1) }

        var fields: UnsafeMutablePointer<curl_slist>?
        for field in request.headers.fields {
            fields = curl_slist_append(fields, "\(field.name): \(field.value)")
        }
        fields = curl_slist_append(fields, "Expect:")
        defer { curl_slist_free_all(fields) }
        admirror_curl_set_pointer(handle, CURLOPT_HTTPHEADER, fields)

        var received = Received(bodyLimit: limits.body)
        let code = withUnsafeMutablePointer(to: &received) { received in
            admirror_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, receiveBody)
            admirror_curl_set_pointer(handle, CURLOPT_WRITEDATA, received)
            admirror_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
            admirror_curl_set_pointer(handle, CURLOPT_HEADERDATA, received)
            return request.body.withUnsafeBufferPointer { body in
                if !body.isEmpty {
                    admirror_curl_set_long(handle, CURLOPT_POSTFIELDSIZE, body.count)
                    admirror_curl_set_pointer(
                        handle,
                        CURLOPT_POSTFIELDS,
                        UnsafeMutableRawPointer(mutating: body.baseAddress)
                    )
                }
                return curl_easy_perform(handle)
            }
        }
        if received.isTooLarge {
            throw TransportError(code: .tooLarge, message: "the answer is larger than \(limits.body >> 20) MiB")
        }
        guard code == CURLE_OK else { throw TransportError(curl: code) }
        var status = 0
        admirror_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        return HTTPResponse(status: status, headers: received.headers, body: received.body)
    }

    private func configure() {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROTOCOLS_STR, baseURL.hasPrefix("http:") ? "http" : "https")
        // Plain HTTP is for this host alone: no proxy may see the token.
        if baseURL.hasPrefix("http:") { set(CURLOPT_PROXY, "") }
        set(CURLOPT_ACCEPT_ENCODING, "gzip")
        // The Graph API's ETags depend on it, so it stays the same.
        set(CURLOPT_USERAGENT, "AdMirror")
        set(CURLOPT_CONNECTTIMEOUT, limits.connect)
        set(CURLOPT_TIMEOUT, limits.exchange)
        set(CURLOPT_LOW_SPEED_LIMIT, 1)
        set(CURLOPT_LOW_SPEED_TIME, limits.silence)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        admirror_curl_set_long(handle, option, value)
    }

    private func set(_ option: CURLoption, _ value: String) {
        admirror_curl_set_string(handle, option, value)  // libcurl copies it
    }
}

@available(*, unavailable)
extension HTTPClient: Sendable {}

/// What the callbacks gather while an exchange runs.
private struct Received {
    let bodyLimit: Int
    var body: [UInt8] = []
    var headers = HTTPHeaders()
    var isTooLarge = false
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let received = context?.assumingMemoryBound(to: Received.self) else { return 0 }
    guard received.pointee.body.count + count <= received.pointee.bodyLimit else {
        received.pointee.isTooLarge = true
        return 0  // fewer than were offered: libcurl ends the exchange
    }
    received.pointee.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
    return count
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?,
    _ size: Int,
    _ count: Int,
    _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let received = context?.assumingMemoryBound(to: Received.self) else { return 0 }
    let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    if line.hasPrefix("HTTP/") {
        received.pointee.headers = HTTPHeaders()  // a status line: what came before was an interim response
    } else if let colon = line.firstIndex(of: ":") {
        let value = line[line.index(after: colon)...]
        received.pointee.headers.add(
            String(line[..<colon]),
            String(value.drop(while: \.isWhitespace).prefix(while: { !$0.isNewline }))
        )
    }
    return count
}
