import Foundation
import Program
import Testing

@Suite struct HostMarkTests {
    // Each of these stands for a process: a mark belongs to an open file.
    private let subject = "host=/tmp/\(UUID().uuidString)"

    @Test("what one process has marked the others see, until it takes the mark away")
    func seen() {
        let one = HostMark(subject)
        let other = HostMark(subject)
        #expect(!one.isSet && !other.isSet)
        #expect(one.set())
        #expect(other.isSet)
        #expect(!one.isSet, "a process asks about others")
        #expect(!other.set())
        one.clear()
        #expect(!other.isSet)
        #expect(other.set())
    }

    @Test("a mark about another database is another mark")
    func subjects() {
        let one = HostMark(subject)
        let other = HostMark("\(subject) port=5433")
        #expect(one.set())
        #expect(!other.isSet && other.set())
    }

    @Test("a mark is gone with the process that set it")
    func gone() {
        let other = HostMark(subject)
        do {
            let one = HostMark(subject)
            #expect(one.set() && other.isSet)
        }
        #expect(!other.isSet)
    }
}

@Suite struct CacheRoomTests {
    @Test("a folder that cannot be asked about has room")
    func unknown() {
        #expect(Host.hasRoom(for: 1 << 20, in: "/nowhere/at/all"))
    }

    @Test("what is larger than the whole file system has no room in it")
    func large() {
        #expect(!Host.hasRoom(for: .max, in: "/"))
    }
}
