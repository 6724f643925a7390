import Foundation
import Testing

@testable import GraphSimulator

/// The simulator's parser, compared with Foundation's.
@Suite struct JSONParserTests {
    @Test(
        "values equal Foundation's, and objects keep the order of their members",
        arguments: [
            #"{"b":1,"a":[true,false,null],"c":{"d":"e"}}"#, " [ ] ", "\t{\r\n}", #""""#, "0", "-12", "1.5", "1e3",
            "-2.5E-3", "9223372036854775807", "120208325579370399", #""\"\\\/\b\f\n\r\t""#, #""\u00e9\ud83d\udc4d""#,
            #""日本 👨‍👩‍👧‍👦 é""#, #"[[[[["deep"]]]]]"#, #"{"":{"":""}}"#,
        ]
    )
    func valid(text: String) throws {
        let value = try #require(JSON(parsing: text.utf8))
        let expected = try foundation(Array(text.utf8))
        #expect(try foundation(value.text) == expected)
    }

    @Test("members keep their order, and integers all their digits")
    func details() throws {
        guard case .object(let members) = JSON(parsing: #"{"z":1,"a":2,"m":120208325579370399}"#.utf8) else {
            Issue.record("no object")
            return
        }
        #expect(members.map(\.0) == ["z", "a", "m"])
        #expect(members[2].1.scalarText == "120208325579370399")
    }

    @Test(
        "invalid JSON is refused",
        arguments: [
            "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "tru", "nul",
            "01",
            "1.", ".5", "-", "+1", "1e", "1e+", "0x1", "NaN", "1e999", "1 2", #""a"#, #""\x""#, #""\u12g4""#,
            #""\ud83d""#,
            #""\ud83dx""#, #""\udc4d""#, "\"\u{1}\"", "\"\n\"", "[1]]", "'a'", "// a\n1",
        ]
    )
    func invalid(text: String) {
        #expect(JSON(parsing: text.utf8) == nil)
    }

    @Test("invalid UTF-8 and values that are nested too deeply are refused")
    func hostile() {
        #expect(JSON(parsing: [0x22, 0xFF, 0x22]) == nil)
        #expect(JSON(parsing: [0x22, 0xED, 0xA0, 0x80, 0x22]) == nil)
        #expect(JSON(parsing: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)) == nil)
    }

    /// The value that Foundation reads, as text.
    private func foundation(_ bytes: [UInt8]) throws -> String {
        words(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    }

    private func words(_ value: Any) -> String {
        switch value {
        case let text as String: text.debugDescription
        case let list as [Any]: "[\(list.map(words).joined(separator: ","))]"
        case let members as [String: Any]:
            "{\(members.sorted { $0.key < $1.key }.map { "\($0.key.debugDescription):\(words($0.value))" })}"
        case let number as NSNumber:
            ["c", "B"].contains(String(cString: number.objCType)) ? "\(number.boolValue)" : "\(number.doubleValue)"
        default: "null"
        }
    }
}
