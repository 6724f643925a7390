internal import HTTPMessages
internal import Store

/// What a route takes and what it answers. Handlers take the names of their parameters from here, the OpenAPI document and
/// the page for people are written from it, and tests hold all of them against what is really answered.
struct RouteDescription: Sendable {
    enum Access: Sendable {
        case everybody
        /// Whoever is signed in.
        case person
        case viewer
        case manager
        case owner
        case cronSecret
    }

    struct Parameter: Sendable {
        enum Place: String, Sendable {
            case query
            case header
        }

        let name: String
        var place = Place.query
        /// In Markdown, as all texts here: of which `code` is all that is used.
        let description: String
        var isRequired = false
        let schema: JSONValue
        /// A value that could be sent.
        var example: String?
    }

    /// A JSON object that the request has to bring.
    struct Body: Sendable {
        let schema: JSONValue
        /// What could be sent, by what it is for.
        let examples: [(name: String, value: JSONValue)]
    }

    struct Answer: Sendable {
        let status: Int
        let description: String
        /// By media type; none for an answer without a body.
        var content: [(type: String, schema: JSONValue)] = []
        var headers: [Header] = []
    }

    struct Header: Sendable {
        let name: String
        let description: String
        var isAlwaysSent = true
    }

    /// Names the route in the OpenAPI document.
    let id: String
    /// One line.
    let summary: String
    let details: String
    let access: Access
    let parameters: [Parameter]
    let body: Body?
    let answers: [Answer]
    /// What can go wrong, with texts as they could be.
    let errors: [RequestError]
    /// The query parameters that the route reads.
    let queryNames: [String]

    /// - Parameter errors: those that do not follow from the rest.
    init(
        _ id: String,
        _ summary: String,
        _ details: String = "",
        access: Access,
        parameters: [Parameter] = [],
        body: Body? = nil,
        answers: [Answer],
        errors: [RequestError] = []
    ) {
        self.id = id
        self.summary = summary
        self.details = details
        self.access = access
        self.parameters = parameters
        self.body = body
        self.answers = answers
        queryNames = parameters.filter { $0.place == .query }.map(\.name) + (access == .cronSecret ? ["secret"] : [])
        var all = errors + access.errors
        if let name = queryNames.first { all += [.queryMalformed, .parameterRepeated(name)] }
        if let example = body?.examples.first?.value {
            all += [.contentTypeUnsupported, .bodyInvalid("The body is not valid JSON.", example.description)]
        }
        if access != .everybody { all += [.databaseUnavailable, .schemaUnknown] }
        self.errors = (all + [.internalError] + RequestError.fromServer).sorted { $0.status < $1.status }
    }
}

extension RouteDescription.Access {
    private static let credential: [RequestError] = [
        .authenticationRequired, .tokenInvalid, .sessionEnded, .userUnknown,
    ]

    fileprivate var errors: [RequestError] {
        switch self {
        case .everybody: []
        case .person, .viewer: Self.credential
        case .manager: Self.credential + [.managerRequired, .scopeInsufficient, .crossSite]
        case .owner: Self.credential + [.ownerRequired]
        case .cronSecret: [.cronSecretInvalid]
        }
    }
}

extension RouteDescription {
    /// The route that answers with this kind of list.
    static func reading(_ kind: AnswerKind) -> RouteDescription {
        switch kind {
        case .campaigns: .campaigns
        case .adSets: .adSets
        case .ads: .ads
        case .insights: .insights
        case .changes: .changes
        }
    }
}
