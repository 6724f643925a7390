package import HTTPMessages

/// Downloads pictures from the hosts that may have them: several at a time, over TLS, from public addresses, without
/// redirects, and never more than a picture may have.
package final class PictureDownloads {
    private let graphURL: String
    private let authorities: String?
    private var clients: [String: HTTPClient] = [:]

    /// Bytes of a picture.
    package static let mostBytes = 8 << 20

    /// - Parameters:
    ///   - graphURL: the base URL of the Graph API; see `PictureAddress`.
    ///   - authorities: a file with the certificates to trust instead of the system's.
    package init(graphURL: String, authorities: String? = nil) {
        self.graphURL = graphURL
        self.authorities = authorities
    }

    /// - Parameter tick: called several times a second; what it throws ends all downloads.
    /// - Returns: for each address the response, or why there is none.
    package func download(
        _ addresses: [String],
        tick: () throws -> Void
    ) throws -> [Result<HTTPResponse, any Error>] {
        var results = [Result<HTTPResponse, any Error>?](repeating: nil, count: addresses.count)
        var targets: [String: [(number: Int, target: String)]] = [:]
        for (number, text) in addresses.enumerated() {
            guard let address = PictureAddress(text, graphURL: graphURL) else {
                results[number] = .failure(
                    TransportError(code: .refused, message: "it is not on Facebook's network of pictures")
                )
                continue
            }
            targets[address.origin, default: []].append((number, address.target))
        }
        for (origin, targets) in targets {
            let client = try client(of: origin)
            defer { client.cancelAll() }
            for (number, target) in targets {
                let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
                let request = HTTPRequest(
                    path: String(parts[0]),
                    query: parts.count > 1 ? String(parts[1]) : "",
                    headers: ["Accept": "image/jpeg, image/png, image/webp, image/gif"]
                )
                client.start(request, number: number)
            }
            while targets.contains(where: { results[$0.number] == nil }) {
                try tick()
                guard let exchange = client.next(within: 0.2) else { continue }
                results[exchange.number] = exchange.result
            }
        }
        return results.map { $0 ?? .failure(TransportError(code: .failed, message: "there was no response")) }
    }

    private func client(of origin: String) throws -> HTTPClient {
        if let client = clients[origin] { return client }
        // Facebook's network has many hosts: those of long ago need no connections.
        if clients.count >= 8 { clients = [:] }
        var limits = HTTPClient.Limits()
        limits.connect = 5
        limits.exchange = 20
        limits.silence = 10
        limits.body = Self.mostBytes
        limits.headers = 64 << 10
        limits.connections = 4
        let isSimulated = PictureAddress("\(origin)/", graphURL: graphURL)?.isSimulated == true
        limits.onlyPublicAddresses = !isSimulated
        let client = try HTTPClient(baseURL: origin, limits: limits, authorities: authorities)
        clients[origin] = client
        return client
    }
}

@available(*, unavailable)
extension PictureDownloads: Sendable {}
