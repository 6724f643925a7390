internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    // GET /api/media/{adAccountId}/{name}
    func showPicture(_ request: HTTPRequest, _ values: [String]) throws -> HTTPResponse {
        let key = try granted(request, values) ?? admitted(request, values)
        guard let picture = try store.picture(named: key.asked.name, width: key.asked.width, of: key.account) else {
            throw RequestError.pictureNotFound
        }
        // nginx keeps it for a day. (!) This comes first, because nginx ignores an X-Accel-Expires after a Cache-Control that
        // forbids shared caches to keep it.
        let headers: HTTPHeaders = [
            "X-Accel-Expires": "86400",
            "Cache-Control": "private, max-age=604800, immutable",
            "ETag": key.tag.text,
            "Vary": "Authorization, Cookie",
            "Content-Security-Policy": "default-src 'none'",
        ]
        guard !key.tag.matches(request) else { return HTTPResponse(status: 304, headers: headers) }
        var response = HTTPResponse(status: 200, headers: headers, body: picture.bytes)
        response.headers["Content-Type"] = picture.type
        keepOutOfFullCache(&response, bytes: picture.bytes.count, request)
        return response
    }

    /// Returns to nginx whether the sender may see the account's pictures, and the cache key of this one. The key contains
    /// AdMirror's id of the account, so that nobody gets a picture by way of another account.
    func authorizePicture(_ request: HTTPRequest, _ values: [String]) throws -> HTTPResponse {
        try authorization(request) { try admitted(request, values).text }
    }

    /// What nginx's authorization request found out about this request a moment ago.
    private func granted(_ request: HTTPRequest, _ values: [String]) throws -> PictureKey? {
        guard let grant = request[.grant] else { return nil }
        return PictureKey(grant, of: try AskedPicture(request, named: values[1]))
    }

    private func admitted(_ request: HTTPRequest, _ values: [String]) throws -> PictureKey {
        // Authenticate first, so that strangers learn nothing about the request.
        guard Credential(request) != nil else { throw RequestError.authenticationRequired }
        let admission = try admit(request, to: AccountReference(values[0]))
        let asked = try AskedPicture(request, named: values[1])
        guard let account = admission.account else { throw RequestError.adAccountNotFound }
        return PictureKey(account: account.id, asked)
    }
}
