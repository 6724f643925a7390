import Foundation
import Program
import Testing

@Suite struct HostMarkTests {
    // Each of these stands for a process: a mark belongs to an open file.
    private let subject = "host=/tmp/\(UUID().uuidString)"

    @Test("all processes see a mark that one has set, until it removes the mark")
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

    @Test("another database has another mark")
    func subjects() {
        let one = HostMark(subject)
        let other = HostMark("\(subject) port=5433")
        #expect(one.set())
        #expect(!other.isSet && other.set())
    }

    @Test("a mark disappears with the process that set it")
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
    private let folder = FileManager.default.temporaryDirectory.appending(path: "cache-\(UUID().uuidString)").path

    @Test("a missing folder has no room, because nginx does not create it again")
    func gone() throws {
        #expect(!Host.hasRoom(for: 0, in: folder))
        #expect(!Host.hasRoom(for: 0, in: "\(folder)/answers"))
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(Host.hasRoom(for: 0, in: folder))
        try Data().write(to: URL(filePath: "\(folder)/file"))
        #expect(!Host.hasRoom(for: 0, in: "\(folder)/file") && !Host.hasRoom(for: 0, in: "\(folder)/file/answers"))
    }

    @Test(
        "a folder has room for the users that its owner and mode let write",
        arguments: [
            // Mode, whether its owner may write, whether others may.
            (0o700, true, false), (0o755, true, false), (0o500, false, false), (0o600, false, false),
            (0o200, false, false),
            (0o770, true, true), (0o777, true, true), (0o077, false, true), (0o711, true, false),
        ] as [(mode_t, Bool, Bool)]
    )
    func rights(mode: mode_t, owner: Bool, others: Bool) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let (one, other) = (getuid() == 0 ? 4242 : getuid(), 4343 as UInt32)
        if getuid() == 0 { #expect(chown(folder, one, 4242) == 0) }
        #expect(chmod(folder, mode) == 0)
        #expect(Host.canWrite(in: folder, as: one) == owner && Host.canWrite(in: folder, as: nil) == owner)
        #expect(Host.canWrite(in: folder, as: other) == others)
        #expect(Host.hasRoom(for: 0, in: folder, as: other) == others)
        #expect(Host.canWrite(in: folder, as: 0), "root may write anywhere")
    }

    @Test("a file larger than the whole file system has no room in it")
    func large() {
        #expect(!Host.hasRoom(for: .max, in: "/"))
    }
}
