package import HTTPMessages

/// A variable that nginx sets for responders, in `nginx/conf.d` and `nginx/snippets`.
package enum ServerVariable: String {
    /// The user that a trusted proxy signed in.
    case user = "ADMIRROR_USER"
    /// The cache key that the authorization request returned.
    case grant = "ADMIRROR_GRANT"
    /// An `If-None-Match` that nginx cannot compare itself. Where nginx caches, it sends no other one of clients.
    case ifNoneMatch = "ADMIRROR_IF_NONE_MATCH"
    /// The folder of the cache that would store the response.
    case cacheFolder = "ADMIRROR_CACHE_FOLDER"
}

extension HTTPRequest {
    /// The variable's value; `nil` if it is missing or empty.
    package subscript(variable: ServerVariable) -> String? {
        get { variables[variable.rawValue].flatMap { $0.isEmpty ? nil : $0 } }
        set { variables[variable.rawValue] = newValue }
    }
}
