import Foundation
import HTTPMessages
import Testing

/// Full file systems must not stop reads. Each of nginx's folders has its own file system here.
@Suite(.serialized, .enabled(if: SmallDisk.canMount, "needs the right to mount file systems: run the tests as root"))
struct FullDiskTests {
    @Test("reads continue while a file system of nginx is full, and nginx caches again afterwards")
    func full() throws {
        let site = try DiskSite()
        defer { site.end() }
        let stack = site.stack
        let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let body = try stack.hit(cached).body
        for (name, disks) in site.disks + [("all of them", site.disks.flatMap(\.1))] {
            for disk in disks { try disk.fill() }
            stack.expectReads(cached, body, name)
            for disk in disks { try disk.empty() }
            _ = try stack.hit("/api/ads?adAccountId=\(Stack.yen)&q=after-\(name.count)")
            _ = try stack.hit(cached)
        }
    }

    @Test("reads continue when a file system has space but no inodes left")
    func noFiles() throws {
        let site = try DiskSite(options: ",nr_inodes=400")
        defer { site.end() }
        let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let body = try site.stack.hit(cached).body
        for (name, disks) in site.disks {
            for disk in disks { try disk.useUpFiles() }
            site.stack.expectReads(cached, body, name)
            for disk in disks { try disk.empty() }
        }
        _ = try site.stack.hit(cached)
    }

    @Test("responders restart when multiwatch is killed while the logs are full")
    func supervisorKilled() throws {
        let site = try DiskSite()
        defer { site.end() }
        let stack = site.stack
        let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let body = try stack.hit(cached).body
        for disk in site.disks.flatMap(\.1) { try disk.fill() }
        for round in 1...2 {
            let old = try stack.fleet()
            try Command.killAndWait([old.multiwatch] + old.responders)
            try stack.waitForSuccessor(of: old)
            stack.expectReads(cached, body, "kill \(round)")
        }
    }

    @Test("revoked access ends within a second, also while authorizations cannot be stored")
    func revoked() throws {
        let site = try DiskSite()
        defer { site.end() }
        let cached = "/api/campaigns?adAccountId=\(Stack.dollars)"
        let token = try site.stack.person("rhea@example.com", role: "viewer")
        _ = try site.stack.hit(cached)
        #expect(try site.stack.send("GET", cached, token: token).status == 200)
        for disk in site.disks.flatMap(\.1) { try disk.fill() }
        #expect(try site.stack.send("GET", cached, token: token).status == 200)
        try site.stack.admirror("access", "revoke", "rhea@example.com", Stack.dollars)
        try eventually("the role is gone", seconds: 5) {
            try site.stack.send("GET", cached, token: token).status == 404
        }
    }
}

/// A stack whose caches, logs and temporary files are on small file systems.
private struct DiskSite {
    let stack: Stack
    let disks: [(String, [SmallDisk])]

    init(options: String = "") throws {
        let state = try Stack.newStateFolder()
        func disk(_ name: String, _ size: String) throws -> SmallDisk {
            try SmallDisk(state.appending(path: name).path, size: size + options)
        }
        let authorizations = try disk("authorizations", "4m")
        disks = [
            ("answers", [try disk("cache", "8m")]), ("authorizations", [authorizations]),
            ("logs and temporary files", [try disk("log", "8m"), try disk("tmp", "1m")]),
        ]
        do {
            // The file in which scripts/run would record the folder that it makes on /dev/shm.
            let run = state.appending(path: "run")
            try FileManager.default.createDirectory(at: run, withIntermediateDirectories: true)
            try Data(authorizations.folder.utf8).write(to: run.appending(path: "authorizations"))
            stack = try Stack(at: state)
        } catch {
            for disk in disks.flatMap(\.1) { disk.unmount() }
            throw error
        }
    }

    func end() {
        stack.stop()
        for disk in disks.flatMap(\.1) { disk.unmount() }
    }
}
