import Foundation
import HTTPClient
import HTTPMessages
import Testing

@Suite struct SeveralAtOnceTests {
    @Test("eight requests are under way at the same time")
    func overlap() throws {
        // No request is answered before all have arrived.
        let meeting = Meeting(of: 8)
        let server = try HostileServer { connection in
            let request = try connection.readRequest()
            if meeting.join() { try connection.send(answer(request.path)) }
        }
        let client = try HTTPClient(server)
        for number in 1...8 { client.start(number) }
        let exchanges = try client.collect(8)
        #expect(Set(exchanges.map(\.number)) == Set(1...8))
        for exchange in exchanges { #expect(try exchange.text() == "/\(exchange.number)") }
        #expect(client.next(within: 20) == nil)
    }

    @Test("responses are returned in the order in which they arrive")
    func order() throws {
        let gates = Gates()
        let server = try HostileServer { connection in
            let request = try connection.readRequest()
            if gates.pass(request.path) { try connection.send(answer(request.path)) }
        }
        let client = try HTTPClient(server)
        for number in 1...4 { client.start(number) }
        for number in [3, 1, 4, 2] {
            gates.open("/\(number)")
            #expect(try client.collect(1)[0].number == number)
        }
    }

    @Test("requests beyond the limit wait, and are answered on the same connections")
    func waiting() throws {
        let meeting = Meeting(of: 2)
        let server = try HostileServer { connection in
            while true {
                let request = try connection.readRequest()
                if request.path == "/1" || request.path == "/2" { _ = meeting.join() }
                try connection.send(answer(request.path))
            }
        }
        let client = try HTTPClient(server) { $0.connections = 2 }
        for number in 1...9 { client.start(number) }
        #expect(Set(try client.collect(9).map(\.number)) == Set(1...9))
        #expect(server.connectionCount == 2)
    }

    @Test("the timeout of a waiting request has not begun")
    func waitingTime() throws {
        let server = try HostileServer { connection in
            while true {
                let request = try connection.readRequest()
                if request.path == "/1" { _ = connection.waitForHangUp() }
                try connection.send(answer("ok"))
            }
        }
        let client = try HTTPClient(server) {
            $0.connections = 1
            $0.exchange = 3
        }
        client.start(1)
        client.start(2)
        let exchanges = try client.collect(2)
        #expect(exchanges[0].code == .timedOut)
        #expect(try exchanges[1].text() == "ok")
    }

    @Test("waiting ends after the given time, and at once if nothing is pending")
    func patience() throws {
        let gates = Gates()
        let server = try HostileServer { connection in
            let request = try connection.readRequest()
            if gates.pass(request.path) { try connection.send(answer("ok")) }
        }
        let client = try HTTPClient(server)
        takesLess(than: 30) { #expect(client.next(within: 60) == nil) }
        client.start(1)
        let waited = seconds { #expect(client.next(within: 0.3) == nil) }
        #expect(waited >= 0.3)
        #expect(waited < 30)
        #expect(client.next(within: 0) == nil)
        #expect(client.next(within: -1) == nil)
        gates.open("/1")
        #expect(try client.collect(1, seconds: .infinity)[0].number == 1)
    }

    @Test("a single request gets its own response while others are pending")
    func single() throws {
        let gates = Gates()
        let server = try HostileServer { connection in
            let request = try connection.readRequest()
            if request.path == "/single" || gates.pass(request.path) { try connection.send(answer(request.path)) }
        }
        let client = try HTTPClient(server)
        client.start(1)
        client.start(2)
        gates.open("/2")
        #expect(try client.get("/single").text == "/single")
        gates.open("/1")
        #expect(Set(try client.collect(2).map { try $0.text() }) == ["/1", "/2"])
    }

    @Test("a failing request does not affect the others")
    func oneFails() throws {
        let meeting = Meeting(of: 3)
        let server = try HostileServer { connection in
            let request = try connection.readRequest()
            guard meeting.join() else { return }
            if request.path == "/2" { return connection.reset() }
            try connection.send(answer(request.path))
        }
        let client = try HTTPClient(server)
        for number in 1...3 { client.start(number) }
        client.start(HTTPRequest(path: "no path"), number: 4)
        for exchange in try client.collect(4) {
            switch exchange.number {
            case 2: #expect(exchange.code == .broken)
            case 4: #expect(exchange.code == .failed)
            default: #expect(try exchange.text() == "/\(exchange.number)")
            }
        }
    }

    @Test("cancelling ends pending requests, and later requests are answered")
    func cancelling() throws {
        let (atServer, hungUp) = (Meeting(of: 4), Meeting(of: 5))
        let server = try HostileServer { connection in
            let request = try connection.readRequest()
            if request.path == "/later" { return try connection.send(answer("later")) }
            guard request.path != "/1" else { return try connection.send(answer("arrived")) }
            _ = atServer.join()
            if connection.waitForHangUp() { _ = hungUp.join() }
        }
        let client = try HTTPClient(server) { $0.connections = 4 }
        for number in 1...6 { client.start(number) }
        // The first was answered, the next four are at the server, the last waits for room.
        #expect(try client.goOn { atServer.isComplete }.map(\.number) == [1])
        client.cancelAll()
        takesLess(than: 30) { #expect(client.next(within: 60) == nil) }
        #expect(try client.get("/later").text == "later")
        client.start(HTTPRequest(path: "/later"), number: 2)
        #expect(try client.collect(1)[0].text() == "later")
        // All connections except the test's own have been closed.
        #expect(hungUp.join())
    }

    @Test("a client that is released disconnects")
    func goingAway() throws {
        let hungUp = Meeting(of: 3)
        let server = try HostileServer { connection in
            if connection.waitForHangUp() { _ = hungUp.join() }
        }
        do {
            let client = try HTTPClient(server)
            client.start(1)
            client.start(2)
            #expect(try client.goOn { server.connectionCount == 2 }.isEmpty)
        }
        #expect(hungUp.join())
    }
}
