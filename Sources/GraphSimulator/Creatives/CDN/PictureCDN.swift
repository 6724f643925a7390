import HTTPMessages

/// `/_cdn`: the pictures of creatives, as Facebook's CDN serves them, and what may be served in their place.
extension GraphSimulator {
    /// - Parameter rest: of the path behind `/_cdn`.
    func picture(_ request: HTTPRequest, _ rest: [Substring]) -> (response: HTTPResponse, delay: Double) {
        pictureRequests += 1
        guard request.method == "GET" || request.method == "HEAD", rest.count == 3, rest[0] == "v",
            let picture = SimulatedPicture(name: rest[2]),
            let parameters = try? QueryParameters(decoding: request.query), let size = parameters["stp"],
            let end = parameters["oe"].flatMap({ Int($0, radix: 16) }),
            parameters["oh"] == picture.signature(size, end)
        else { return (Self.text("Bad URL hash", status: 403), 0) }
        guard end > time else { return (Self.text("URL signature expired", status: 403), 0) }
        let regular = HTTPResponse(
            status: 200,
            headers: ["Content-Type": picture.form.type, "Cache-Control": "max-age=1209600, no-transform"],
            body: picture.bytes(size)
        )
        guard let place = pictureFaults.firstIndex(where: { $0.concerns(request.path) }) else { return (regular, 0) }
        pictureFaults[place].times = pictureFaults[place].times.map { $0 - 1 }
        let fault = pictureFaults[place]
        return (fault.response(regular), fault.kind == .slow ? Double(fault.value ?? 30_000) / 1000 : 0)
    }

    static func text(_ text: String, type: String = "text/plain", status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": type], body: Array(text.utf8))
    }

    /// `picture`, with `kind`, and with `path`, `times` and `value` if wanted.
    func orderPictureFault(_ order: Order) throws(OrderError) {
        guard let kind = order.text("kind").flatMap(PictureFault.Kind.init) else {
            throw OrderError(status: 400, message: "\"kind\" is missing, or unknown")
        }
        pictureFaults.append(
            PictureFault(
                kind: kind,
                path: order.text("path"),
                value: order.number("value"),
                times: order.number("times")
            )
        )
    }
}

/// What goes wrong with pictures.
struct PictureFault {
    enum Kind: String, CaseIterable {
        /// 403, as for an address that has expired.
        case expired
        /// 404.
        case missing
        /// 500.
        case serverError = "server_error"
        /// More than any picture may have.
        case huge
        case html
        /// With a script.
        case svg
        /// To a private address.
        case redirect
        /// The first half.
        case truncated
        /// Bytes of no picture behind the first ones.
        case damaged
        case empty
        /// After `value` milliseconds.
        case slow
        /// A picture under the type of a page.
        case wrongType = "wrong_type"
        /// A picture under no type of pictures that we take.
        case bmp
        /// A small file that claims to have billions of pixels.
        case bomb
    }

    let kind: Kind
    let path: String?
    let value: Int?
    /// How often it still happens; nil for ever.
    var times: Int?

    func concerns(_ path: String) -> Bool {
        times != 0 && (self.path.map { path.contains($0) } ?? true)
    }

    func response(_ regular: HTTPResponse) -> HTTPResponse {
        var response = regular
        switch kind {
        case .slow: break
        case .expired: return GraphSimulator.text("URL signature expired", status: 403)
        case .missing: return GraphSimulator.text("Not found", status: 404)
        case .serverError: return GraphSimulator.text("", status: 503)
        case .html: return GraphSimulator.text("<!DOCTYPE html><title>Log in</title><h1>Log in</h1>", type: "text/html")
        case .svg:
            let script = "<script>alert(document.cookie)</script>"
            let text = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\">\(script)</svg>"
            return GraphSimulator.text(text, type: "image/svg+xml")
        case .redirect:
            return HTTPResponse(status: 302, headers: ["Location": "http://169.254.169.254/latest/meta-data/"])
        case .huge: response.body += [UInt8](repeating: 0, count: value ?? 9 << 20)
        case .truncated: response.body = Array(regular.body.prefix(regular.body.count / 2))
        case .damaged: response.body = regular.body.prefix(24) + [UInt8](repeating: 0xAA, count: 400)
        case .empty: response.body = []
        case .wrongType: response.headers["Content-Type"] = "text/html"
        case .bmp: response.body = Array("BM".utf8) + [UInt8](repeating: 0, count: 200)
        case .bomb: response.body = PNGPicture.claim(60_000, 60_000)
        }
        return response
    }
}
