/// A parser of external input, and the properties that must hold for every input.
///
/// A check passes any bytes to the parser as its input. Tests use the corpus and its mutations; `scripts/fuzz` uses
/// libFuzzer's inputs.
enum Parser: String, CaseIterable, Sendable {
    /// The variables of a FastCGI request, one per line, then an empty line and the body.
    case variables
    /// The query string of a read route.
    case query
    /// Lines of `Name: value`: cookies, bearer tokens, origins, and the requested form of the response.
    case headers
    /// The JSON body of a request.
    case bodies
    /// A cursor of a page, or one end of a range of days.
    case cursors
    /// The body of a Graph API response.
    case pages
    /// The usage headers of the Graph API.
    case usage
    /// A name from Facebook, written as JSON, CSV and gzip.
    case writing
    /// The parameters `fields` and `where` of a table.
    case conditions
    /// A creative of the Graph API, as JSON.
    case creatives
    /// The first bytes of a picture, or thumbnails from the program that makes them.
    case pictures

    /// - Throws: `Violation` if the parser breaks one of its properties.
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
        case .conditions: try checkConditions(input)
        case .creatives: try checkCreatives(input)
        case .pictures: try checkPictures(input)
        }
    }
}

/// A property that a parser broke.
struct Violation: Error, CustomStringConvertible {
    let description: String
}

func hold(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw Violation(description: message()) }
}

/// Whether two texts are the same bytes: `==` treats two spellings of an accented letter as equal.
func isSame(_ one: String?, _ other: String?) -> Bool {
    one.map { Array($0.utf8) } == other.map { Array($0.utf8) }
}
