import HTTPMessages
import Testing

@Suite struct HTTPHeadersTests {
    @Test("names are found in any case", arguments: ["Content-Type", "content-type", "CONTENT-TYPE", "cOnTeNt-TyPe"])
    func anyCase(name: String) {
        let headers: HTTPHeaders = ["X": "0", "Content-Type": "text/html", "Content-Type2": "no"]
        #expect(headers[name] == "text/html")
    }

    @Test("setting replaces all fields of the name, whatever their case, and nil removes them")
    func replacing() {
        var headers: HTTPHeaders = ["Vary": "a", "ETag": "1"]
        headers.add("vary", "b")
        #expect(headers["VARY"] == "a")
        #expect(headers.fields.map(\.value) == ["a", "1", "b"])
        headers["vARY"] = "c"
        #expect(headers.fields.map(\.value) == ["1", "c"])
        headers["etag"] = nil
        #expect(headers.fields.map(\.name) == ["vARY"])
    }

    @Test(
        "line breaks and NUL in a value become blanks, so that it cannot begin another header",
        arguments: [
            ("a\r\nSet-Cookie: x=1", "a  Set-Cookie: x=1"), ("a\nb", "a b"), ("a\rb", "a b"), ("a\0b", "a b"),
            ("\r\n\r\n<html>", "    <html>"), ("a\n\u{301}b", "a \u{301}b"),
            ("plain, value; q=0.5", "plain, value; q=0.5"),
        ]
    )
    func singleLine(value: String, expected: String) {
        var headers: HTTPHeaders = ["X-Literal": value]
        headers.add("X-Added", value)
        headers["X-Set"] = value
        #expect(headers.fields.map(\.value) == [expected, expected, expected])
        #expect(headers.fields.allSatisfy { !$0.value.utf8.contains { [0, 10, 13].contains($0) } })
    }

    @Test(
        "a request's target has a question mark only when there is a query",
        arguments: [("", "/a"), ("b=1", "/a?b=1")]
    )
    func target(query: String, expected: String) {
        #expect(HTTPRequest(path: "/a", query: query).target == expected)
    }

    @Test("a JSON response declares its type, even if another type was set")
    func json() {
        let response = HTTPResponse(status: 404, headers: ["content-type": "text/plain"], json: "{\"a\":\"ü\"}")
        #expect(response.headers["Content-Type"] == "application/json; charset=utf-8")
        #expect(response.headers.fields.count == 1)
        #expect(response.body == Array("{\"a\":\"ü\"}".utf8))
        #expect(response.reason == "Not Found")
        #expect(HTTPResponse(status: 299).reason.isEmpty)
    }
}
