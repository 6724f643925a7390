internal import HTTPMessages

/// The description of the API for programs: OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0), generated from the routes.
enum OpenAPI {
    static let document: [UInt8] = value.bytes

    private static let value: OrderedJSON = [
        "openapi": "3.1.0",
        "info": [
            "title": "AdMirror",
            "version": "1",
            "description": """
            A cache of Facebook's Marketing API. Money is in the major unit of the account's \
            currency, times are RFC 3339 in UTC, days are in the account's time zone. Query parameters that \
            a route does not know are ignored.
            """,
        ],
        "servers": [["url": "/"]],
        "paths": OrderedJSON(members: paths),
        "components": [
            "securitySchemes": [
                "token": [
                    "type": "http", "scheme": "bearer",
                    "description": "Created by `admirror token create`.",
                ],
                "session": [
                    "type": "apiKey", "in": "cookie", "name": "admirror",
                    "description": "Set by `POST /api/session`; under TLS its name begins with `__Host-`.",
                ],
                "cronSecret": [
                    "type": "apiKey", "in": "query", "name": "secret",
                    "description": "`CRON_SECRET`, percent-encoded.",
                ],
                "cronBearer": ["type": "http", "scheme": "bearer", "description": "`CRON_SECRET`."],
                "cronBasic": [
                    "type": "http", "scheme": "basic",
                    "description": "`CRON_SECRET` as the password; any user name.",
                ],
            ]
        ],
    ]

    private static var paths: [(String, OrderedJSON)] {
        RoutePath.all.compactMap { path in
            let operations = path.routes.compactMap { route in
                route.description.map { (route.method.lowercased(), operation($0)) }
            }
            return operations.isEmpty ? nil : (path.path, OrderedJSON(members: operations))
        }
    }

    private static func operation(_ route: RouteDescription) -> OrderedJSON {
        OrderedJSON(members: [("operationId", .text(route.id)), ("summary", .text(route.summary))]).adding([
            "description": route.details.isEmpty ? nil : .text(route.details),
            "security": security(route.access),
            "parameters": route.parameters.isEmpty ? nil : .array(route.parameters.map(parameter)),
            "requestBody": route.body.map(body),
            "responses": OrderedJSON(members: responses(route)),
        ])
    }

    private static func security(_ access: RouteDescription.Access) -> OrderedJSON {
        switch access {
        case .everybody: []
        case .person, .viewer, .manager, .owner: [["token": []], ["session": []]]
        case .cronSecret: [["cronSecret": []], ["cronBearer": []], ["cronBasic": []]]
        }
    }

    private static func parameter(_ parameter: RouteDescription.Parameter) -> OrderedJSON {
        let isList = parameter.schema["type"] == "array"
        let what: OrderedJSON = [
            "name": .text(parameter.name), "in": .text(parameter.place.rawValue),
            "description": .text(parameter.description), "required": .flag(parameter.isRequired),
            "schema": parameter.schema,
        ]
        return what.adding([
            // A parameter without a value counts as omitted.
            "allowEmptyValue": parameter.place == .query && !parameter.isRequired ? true : nil,
            // A list is one comma-separated parameter, or a parameter for each value.
            "explode": isList ? .flag(parameter.isRepeatable) : nil,
            "example": parameter.example.map {
                isList
                    ? OrderedJSON(texts: $0.split(separator: ",").map(String.init))
                    : Int($0).map(OrderedJSON.number) ?? .text($0)
            },
        ])
    }

    private static func body(_ body: RouteDescription.Body) -> OrderedJSON {
        [
            "required": true,
            "content": [
                "application/json": [
                    "schema": body.schema,
                    "examples": OrderedJSON(members: body.examples.map { ($0.name, ["value": $0.value]) }),
                ]
            ],
        ]
    }

    /// One entry per status, with its responses and errors.
    private static func responses(_ route: RouteDescription) -> [(String, OrderedJSON)] {
        let statuses = Set(route.answers.map(\.status) + route.errors.map(\.status)).sorted()
        return statuses.map { status in
            let answer = route.answers.first { $0.status == status }
            let errors = route.errors.filter { $0.status == status }
            return (String(status), response(answer, errors))
        }
    }

    private static func response(_ answer: RouteDescription.Answer?, _ errors: [RequestError]) -> OrderedJSON {
        var codes: [String] = []
        for error in errors where !codes.contains(error.code) { codes.append(error.code) }
        let texts = (answer.map { [$0.description] } ?? []) + errors.map { "`\($0.code)`: \($0.message)" }
        var content = answer?.content ?? []
        if !errors.isEmpty {
            let error = OrderedJSON.error(codes)
            if let index = content.firstIndex(where: { $0.type == "application/json" }) {
                content[index].schema = ["anyOf": [content[index].schema, error]]
            } else {
                content.append(("application/json", error))
            }
        }
        var headers = answer?.headers ?? [.notKept]
        if errors.contains(where: { $0.headers["Retry-After"] != nil }) {
            headers.append(.init(name: "Retry-After", description: "Seconds.", isAlwaysSent: answer == nil))
        }
        return OrderedJSON(members: [("description", .text(texts.joined(separator: "\n\n")))]).adding([
            "headers": OrderedJSON(
                members: headers.map {
                    (
                        $0.name,
                        [
                            "description": .text($0.description), "required": .flag($0.isAlwaysSent),
                            "schema": $0.name == "Retry-After" ? .integer : .string,
                        ]
                    )
                }
            ),
            "content": content.isEmpty
                ? nil : OrderedJSON(members: content.map { ($0.type, ["schema": $0.schema]) }),
        ])
    }
}
