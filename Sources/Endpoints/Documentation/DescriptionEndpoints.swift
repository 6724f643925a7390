internal import ASCII
internal import HTTPMessages
internal import Secrets

extension Endpoints {
    // GET /api/fields, /api/openapi.json and /api/docs: what the software is, and nothing of its data, so they are for everybody.

    func listFields(_ request: HTTPRequest) -> HTTPResponse { show(.fields, request) }

    func describeAPI(_ request: HTTPRequest) -> HTTPResponse { show(.openAPI, request) }

    func showDocumentation(_ request: HTTPRequest) -> HTTPResponse {
        var response = show(.documentation, request)
        response.headers["Content-Security-Policy"] =
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return response
    }

    private func show(_ document: SoftwareDocument, _ request: HTTPRequest) -> HTTPResponse {
        var response = HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": document.contentType, "Cache-Control": "public, max-age=300", "ETag": document.tag.text,
                "Vary": "Accept-Encoding",
            ]
        )
        if document.tag.matches(request) {
            response.status = 304
            return response
        }
        return document.body.withUnsafeBufferPointer { bodies.encode(response, $0, for: request) }
    }
}

/// A document that changes only with the software. Its tag follows from its bytes, so that a copy is downloaded again only
/// after such a change.
private struct SoftwareDocument: Sendable {
    let body: [UInt8]
    let contentType: String
    let tag: EntityTag

    init(_ body: [UInt8], _ contentType: String) {
        self.body = body
        self.contentType = contentType
        tag = EntityTag(String(Hexadecimal.text(sha256(body)).prefix(32)))
    }

    static let fields = SoftwareDocument(FieldList.document, "application/json; charset=utf-8")
    static let openAPI = SoftwareDocument(OpenAPI.document, "application/json; charset=utf-8")
    static let documentation = SoftwareDocument(DocumentationPage.html, "text/html; charset=utf-8")
}
