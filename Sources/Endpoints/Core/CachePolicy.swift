internal import HTTPMessages
internal import Store

/// How long answers stay fresh in shared caches. Said here and nowhere else: nginx obeys.
enum CachePolicy {
    static let cacheControl = "public, s-maxage=300, stale-while-revalidate=600"

    static func shared(_ key: CacheKey, _ format: AnswerFormat) -> HTTPHeaders {
        var headers: HTTPHeaders = [
            "Content-Type": format.contentType,
            "Cache-Control": cacheControl,
            "ETag": key.etag,
            // The response depends on how the person authenticated. nginx handles that in another way and ignores this
            // header.
            "Vary": "Authorization, Cookie, Accept, Accept-Encoding",
        ]
        if format == .csv {
            headers.add("Content-Disposition", "attachment; filename=\"\(key.kind.rawValue).csv\"")
        }
        return headers
    }
}
