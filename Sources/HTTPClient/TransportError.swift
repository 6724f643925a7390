internal import CCurl

/// A request that got no HTTP response. The URL is not part of it: it may hold what is secret.
package struct TransportError: Error, CustomStringConvertible {
    package enum Code: Sendable {
        /// The server cannot be reached.
        case unreachable
        /// It did not answer in time, or hung up in the middle.
        case broken
        /// Its certificate is not to be trusted.
        case untrusted
        case tooLarge
        case failed
    }

    package let code: Code
    package let message: String

    init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    init(curl code: CURLcode) {
        message = String(cString: curl_easy_strerror(code))
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            self.code = .unreachable
        case CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE,
            CURLE_BAD_CONTENT_ENCODING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            self.code = .broken
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            self.code = .untrusted
        default:
            self.code = .failed
        }
    }

    package var description: String { message }
}
