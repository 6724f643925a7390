internal import HTTPMessages

extension Endpoints {
    // GET /api/fields, /api/openapi.json and /api/docs: what the software is, and nothing of its data, so they are for everybody.

    func listFields(_ request: HTTPRequest) -> HTTPResponse {
        kept(FieldList.document, "application/json; charset=utf-8", request)
    }

    func describeAPI(_ request: HTTPRequest) -> HTTPResponse {
        kept(OpenAPI.document, "application/json; charset=utf-8", request)
    }

    func showDocumentation(_ request: HTTPRequest) -> HTTPResponse {
        var response = kept(DocumentationPage.html, "text/html; charset=utf-8", request)
        response.headers["Content-Security-Policy"] =
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return response
    }

    private func kept(_ body: [UInt8], _ type: String, _ request: HTTPRequest) -> HTTPResponse {
        let response = HTTPResponse(
            status: 200,
            headers: ["Content-Type": type, "Cache-Control": "public, max-age=300", "Vary": "Accept-Encoding"]
        )
        return body.withUnsafeBufferPointer { bodies.encode(response, $0, for: request) }
    }
}
