internal import HTTPMessages
internal import Store

/// The parameters, responses and errors of a route. Handlers read parameters by these names. The OpenAPI document and the
/// page for people are generated from it, and tests compare them with actual responses.
struct RouteDescription: Sendable {
    enum Access: Sendable {
        case everybody
        /// Any authenticated person.
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
            case path
        }

        let name: String
        var place = Place.query
        /// Markdown with `code` as its only markup, like all texts here.
        let description: String
        var isRequired = false
        /// Whether it may occur several times. Its schema is that of a list.
        var isRepeatable = false
        let schema: OrderedJSON
        /// An example value.
        var example: String?
    }

    /// The JSON object of a request.
    struct Body: Sendable {
        let schema: OrderedJSON
        /// Examples by purpose.
        let examples: [(name: String, value: OrderedJSON)]
    }

    struct Answer: Sendable {
        let status: Int
        let description: String
        /// By media type; empty for a response without a body.
        var content: [(type: String, schema: OrderedJSON)] = []
        var headers: [Header] = []
    }

    struct Header: Sendable {
        let name: String
        let description: String
        var isAlwaysSent = true
    }

    /// The operation id in the OpenAPI document.
    let id: String
    /// One line.
    let summary: String
    let details: String
    let access: Access
    let parameters: [Parameter]
    let body: Body?
    let answers: [Answer]
    /// Possible errors, with example texts.
    let errors: [RequestError]
    /// The query parameters that the route reads.
    let queryNames: [String]
    /// Those that may occur several times.
    let repeatableNames: [String]

    /// - Parameter errors: Errors that do not follow from the other arguments.
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
        repeatableNames = parameters.filter(\.isRepeatable).map(\.name)
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
    /// The route that returns this kind of list.
    static func reading(_ kind: AnswerKind) -> RouteDescription {
        switch kind {
        case .campaigns: .campaigns
        case .adSets: .adSets
        case .ads: .ads
        case .creatives: .creatives
        case .insights: .insights
        case .changes: .changes
        }
    }
}

extension RouteDescription.Header {
    /// No cache may store the response.
    static let notKept = Self(name: "Cache-Control", description: "`no-store`")
}
