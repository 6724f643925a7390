import HTTPMessages
import Testing

@Suite struct QueryParametersTests {
    @Test(
        "a query string is split and decoded",
        arguments: [
            ("", []),
            ("a=1&b=2", [("a", "1"), ("b", "2")]),
            ("q=x+y%21", [("q", "x y!")]),
            ("q=%2B%2b", [("q", "++")]),
            ("q=%26%3D%25", [("q", "&=%")]),
            ("n=Gr%C3%BCn", [("n", "Grün")]),
            ("n=%F0%9F%9A%80", [("n", "🚀")]),
            ("n=Grün", [("n", "Grün")]),
            ("%61%3D=1", [("a=", "1")]),
            ("a", [("a", "")]),
            ("a=", [("a", "")]),
            ("=1", [("", "1")]),
            ("a=b=c", [("a", "b=c")]),
            ("&&a=1&&&b=2&", [("a", "1"), ("b", "2")]),
            ("a=2&a=1", [("a", "2"), ("a", "1")]),
        ] as [(String, [(String, String)])]
    )
    func decoded(text: String, expected: [(String, String)]) throws {
        #expect(
            try QueryParameters(decoding: text).items == expected.map { QueryParameters.Item(name: $0.0, value: $0.1) }
        )
    }

    @Test(
        "invalid percent-encoded UTF-8 is refused in every place",
        arguments: [
            "%", "%4", "%G0", "%0G", "%%41", "%+1", "%C3", "%C3%28", "%FF", "%ED%A0%80", "%C0%AF", "%F4%90%80%80",
        ],
        ["", "a=", "a=1&b="]
    )
    func malformed(piece: String, before: String) {
        #expect(throws: QueryParameters.DecodingError.malformed) {
            try QueryParameters(decoding: before + piece)
        }
        #expect(throws: QueryParameters.DecodingError.malformed) {
            try QueryParameters(decoding: "\(before)\(piece)&z=1")
        }
    }

    @Test("a NUL byte is refused", arguments: ["a=%00", "a%00b=1", "a=x%00y", "x=1&a=%00"])
    func nul(text: String) {
        #expect(throws: QueryParameters.DecodingError.nulByte) { try QueryParameters(decoding: text) }
    }

    @Test("the first of several parameters with one name counts, and all are available")
    func repeated() throws {
        let parameters = try QueryParameters(decoding: "id=2&x=0&id=1&ID=9")
        #expect(parameters["id"] == "2")
        #expect(parameters.all("id") == ["2", "1"])
        #expect(parameters["none"] == nil)
        #expect(parameters.all("none").isEmpty)
    }

    @Test(
        "encoding leaves letters, digits and -._~ as they are",
        arguments: [
            ("azAZ09-._~", "azAZ09-._~"), (" ", "%20"), ("+", "%2B"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("ü", "%C3%BC"),
            ("{\"a\":[1,2]}", "%7B%22a%22%3A%5B1%2C2%5D%7D"), ("\r\n", "%0D%0A"),
        ]
    )
    func encoded(text: String, expected: String) {
        #expect(QueryParameters.encode(text) == expected)
    }

    @Test(
        "decoding reverses encoding",
        arguments: [
            "", "plain", "a b+c&d=e%f", "e\u{301} is not \u{E9}", "\r\n", "🏴󠁧󠁢󠁥󠁮󠁧󠁿👩‍👩‍👧", "ひかりコスメ", "\u{202E}\u{200F}",
            "\u{1}\u{7F}\u{80}", "\u{FFFD}\u{FFFE}\u{10FFFF}",
        ]
    )
    func roundTrip(text: String) throws {
        let there = QueryParameters([.init(name: text, value: text), .init(name: "z", value: text)])
        let back = try QueryParameters(decoding: there.encoded)
        #expect(back.items.map { Array($0.value.unicodeScalars) } == there.items.map { Array($0.value.unicodeScalars) })
        #expect(back.items.map(\.name) == there.items.map(\.name))
    }

    @Test("every Unicode scalar but NUL survives the round trip")
    func everyScalar() throws {
        let scalars = (1...0x10FFFF as ClosedRange<UInt32>).lazy.compactMap { Unicode.Scalar($0) }
            .filter { $0.value < 0x3000 || $0.value % 257 == 0 || $0.value & 0xFFFF > 0xFFF0 }
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        let back = try QueryParameters(decoding: "t=" + QueryParameters.encode(text))
        #expect(back["t"].map { Array($0.utf8) } == Array(text.utf8))
    }
}
