import HTTPMessages
import Testing

@Suite struct SequentialExchangesTests {
    private struct Refusal: Error {}

    @Test("responses arrive in the order of the requests, each with its number, and failures are responses too")
    func order() throws {
        let exchanges = SequentialExchanges { request in
            guard request.path != "/2" else { throw Refusal() }
            return HTTPResponse(status: 200, body: Array(request.path.utf8))
        }
        for number in 1...3 { exchanges.start(HTTPRequest(path: "/\(number)"), number: number * 10) }
        let first = try #require(exchanges.next(within: 0))
        #expect(first.number == 10)
        #expect(try first.result.get().body == Array("/1".utf8))
        let second = try #require(exchanges.next(within: 0))
        #expect(second.number == 20)
        #expect(throws: Refusal.self) { try second.result.get() }
        #expect(exchanges.next(within: 0)?.number == 30)
        #expect(exchanges.next(within: 60) == nil)
    }

    @Test("a cancelled request is neither sent nor answered, and later requests are")
    func cancelling() {
        var sent: [String] = []
        let exchanges = SequentialExchanges { request in
            sent.append(request.path)
            return HTTPResponse(status: 200)
        }
        exchanges.start(HTTPRequest(path: "/1"), number: 1)
        exchanges.start(HTTPRequest(path: "/2"), number: 2)
        exchanges.cancelAll()
        #expect(exchanges.next(within: 60) == nil)
        exchanges.start(HTTPRequest(path: "/3"), number: 3)
        #expect(exchanges.next(within: 60)?.number == 3)
        #expect(sent == ["/3"])
    }
}
