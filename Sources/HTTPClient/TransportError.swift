internal import CCurl
internal import HTTPMessages

/// A request that got no HTTP response. The URL is not part of it, because it may contain secrets.
package struct TransportError: TransportFailure, CustomStringConvertible {
    package enum Code: Sendable {
        /// The server cannot be reached: no address, no connection. The request never left.
        case unreachable
        /// The request was sent, and nothing more came in time.
        case timedOut
        /// The server hung up in the middle, or what it sent is damaged or no HTTP.
        case broken
        /// Its certificate is not to be trusted.
        case untrusted
        case tooLarge
        /// We do not connect to such an address.
        case refused
        case failed
    }

    package let code: Code
    package let message: String

    init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// - Parameter isSent: whether any of the request had left when it ended.
    init(curl code: CURLcode, isSent: Bool) {
        // Not CURLOPT_ERRORBUFFER, which has more details but may contain a URL, or a proxy's URL with its password.
        message = String(cString: curl_easy_strerror(code))
        self.code =
            switch code {
            case CURLE_OPERATION_TIMEDOUT:
                isSent ? .timedOut : .unreachable
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT, CURLE_PROXY:
                .unreachable
            case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_INVALIDCERTSTATUS:
                .untrusted
            // A handshake that failed for another reason than the certificate: mostly, the other side hung up.
            case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_SHUTDOWN_FAILED:
                .broken
            // The scheme is known to be supported, so this is libcurl's way to say that the answer is no HTTP/1.
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
                .broken
            case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_SEND_FAIL_REWIND, CURLE_PARTIAL_FILE,
                CURLE_HTTP2, CURLE_HTTP2_STREAM:
                .broken
            // libcurl reads a header line of at most 100 KiB, and says "out of memory" of a longer one.
            case CURLE_OUT_OF_MEMORY where isSent:
                .tooLarge
            case CURLE_FILESIZE_EXCEEDED:
                .tooLarge
            default:
                .failed
            }
    }

    init(multi code: CURLMcode) {
        self.init(code: .failed, message: String(cString: curl_multi_strerror(code)))
    }

    package var isTooLarge: Bool { code == .tooLarge }

    package var description: String { message }
}
