internal import HTTPMessages

/// The description of the API for people: one page without scripts, generated from the routes.
enum DocumentationPage {
    static let html = Array(page.utf8)

    private static var page: String {
        let described = RoutePath.all.flatMap { path in
            path.routes.compactMap { route in route.description.map { (path.path, route.method, $0) } }
        }
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>AdMirror: the API</title>
            <link rel="stylesheet" href="/admirror.css">
            </head>
            <body>
            <main class="docs">
            <h1>The API</h1>
            <p>JSON in UTF-8. Ids are strings, money is in the major unit of the account's currency, times are RFC 3339 in UTC,
            days are in the account's time zone. Errors are <code>{"error", "code", "hint"}</code>. For programs:
            <a href="/api/openapi.json">openapi.json</a>.</p>
            <nav><ul>
            \(described.map { "<li><a href=\"#\($2.id)\"><code>\($1) \($0)</code></a> \(escaped($2.summary))</li>" }
                .joined(separator: "\n"))
            </ul></nav>
            \(described.map(section).joined(separator: "\n"))
            </main>
            </body>
            </html>

            """
    }

    private static func section(_ path: String, _ method: String, _ description: RouteDescription) -> String {
        """
        <section id="\(description.id)">
        <h2><code>\(method) \(path)</code></h2>
        <p><strong>\(escaped(description.summary)).</strong> \(markup(description.details))</p>
        <p>\(access(description.access))</p>
        \(parameters(description))
        <pre><code>\(escaped(example(path, method, description)))</code></pre>
        <table><thead><tr><th>Status</th><th>Body</th><th></th></tr></thead><tbody>
        \(description.answers.map(answer).joined(separator: "\n"))
        \(description.errors.map(error).joined(separator: "\n"))
        </tbody></table>
        </section>
        """
    }

    private static func access(_ access: RouteDescription.Access) -> String {
        switch access {
        case .everybody: "For everybody."
        case .person: "Requires authentication: <code>Authorization: Bearer $TOKEN</code>."
        case .viewer: "For viewers: <code>Authorization: Bearer $TOKEN</code>."
        case .manager: "For managers: <code>Authorization: Bearer $TOKEN</code>."
        case .owner: "For owners: <code>Authorization: Bearer $TOKEN</code>."
        case .cronSecret:
            "Requires the cron secret, as <code>?secret=</code>, <code>Authorization: Bearer</code>, or Basic password."
        }
    }

    private static func parameters(_ route: RouteDescription) -> String {
        guard !route.parameters.isEmpty else { return "" }
        let rows = route.parameters.map { parameter in
            let name = parameter.isRequired ? "\(parameter.name)</code> (required)" : "\(parameter.name)</code>"
            let choices =
                (parameter.schema["enum"] ?? parameter.schema["items"]?["enum"])?.list.compactMap(\.string) ?? []
            let words = choices.isEmpty ? "" : "<br><small>\(escaped(choices.joined(separator: ", ")))</small>"
            return "<tr><td><code>\(name)</td><td>\(markup(parameter.description))\(words)</td></tr>"
        }
        return """
            <table><thead><tr><th>Parameter</th><th></th></tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>
            """
    }

    private static func answer(_ answer: RouteDescription.Answer) -> String {
        let members = (answer.content.first?.schema["properties"]?.members ?? []).map { member in
            let columns = (member.value["items"]?["properties"]?.members ?? []).map(\.name)
            return columns.isEmpty ? member.name : "\(member.name): [{\(columns.joined(separator: ", "))}]"
        }
        let shape = members.isEmpty ? "" : "<code>{\(escaped(members.joined(separator: ", ")))}</code>"
        return "<tr><td>\(answer.status)</td><td>\(shape)</td><td>\(markup(answer.description))</td></tr>"
    }

    private static func error(_ error: RequestError) -> String {
        """
        <tr><td>\(error.status)</td><td><code>\(error.code)</code></td>\
        <td>\(escaped(error.message)) \(markup(error.hint))</td></tr>
        """
    }

    /// A command for a shell.
    private static func example(_ path: String, _ method: String, _ description: RouteDescription) -> String {
        var words = ["curl"]
        if method == "HEAD" { words.append("--head") }
        if method != "GET" && method != "HEAD" { words.append("-X \(method)") }
        switch description.access {
        case .everybody: break
        case .person, .viewer, .manager, .owner: words.append("-H \"Authorization: Bearer $TOKEN\"")
        case .cronSecret: words.append("-H \"Authorization: Bearer $CRON_SECRET\"")
        }
        if let body = description.body?.examples.first?.value {
            words.append("-H 'Content-Type: application/json' -d '\(body)'")
        }
        let query = description.parameters.filter { $0.place == .query && ($0.isRequired || $0.example != nil) }
            .prefix(3).compactMap { parameter in parameter.example.map { "\(parameter.name)=\($0)" } }
            .joined(separator: "&")
        words.append("\"$ADDRESS\(path)\(query.isEmpty ? "" : "?\(query)")\"")
        return words.joined(separator: " ")
    }

    /// Text with `code` as its only markup.
    private static func markup(_ text: String) -> String {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, piece in
            index.isMultiple(of: 2) ? escaped(String(piece)) : "<code>\(escaped(String(piece)))</code>"
        }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
