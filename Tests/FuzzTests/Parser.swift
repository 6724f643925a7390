/// A parser of what comes from outside, with what has to hold whatever comes.
///
/// A check hands any bytes to the parser as its input. Tests do it with the corpus and with mutations of it; `scripts/fuzz`
/// with what libFuzzer makes of it.
enum Parser: String, CaseIterable, Sendable {
    /// The variables of a FastCGI request, one a line, then an empty line and the body.
    case variables
    /// The query string of a read route.
    case query
    /// Lines of `Name: value`: cookies, bearer tokens, origins, and what is asked of an answer's form.
    case headers
    /// The JSON body of a request.
    case bodies
    /// A cursor of a page, or one end of a range of days.
    case cursors
    /// The body of an answer of the Graph API.
    case pages
    /// The usage headers of the Graph API.
    case usage
    /// A name from Facebook, on its way out as JSON, CSV and gzip.
    case writing

    /// - Throws: `Violation` when the parser does not do what it should.
    func check(_ input: [UInt8]) throws {
        switch self {
        case .variables: try checkVariables(input)
        case .query: try checkQuery(input)
        case .headers: try checkHeaders(input)
        case .bodies: try checkBodies(input)
        case .cursors: try checkCursors(input)
        case .pages: try checkPages(input)
        case .usage: try checkUsage(input)
        case .writing: try checkWriting(input)
        }
    }
}

/// What a parser should not have done.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

func hold(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw Violation(description: message()) }
}

/// Whether two texts are the same bytes: `==` takes another spelling of an accented letter for the same.
func isSame(_ one: String?, _ other: String?) -> Bool {
    one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
}
