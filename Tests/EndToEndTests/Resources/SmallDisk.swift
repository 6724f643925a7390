import Foundation

/// A small file system in memory, mounted over a folder. Only root can mount it.
struct SmallDisk {
    let folder: String
    private var filler: String { "\(folder)/filler" }

    /// Whether file systems can be mounted here.
    static let canMount: Bool = {
        let folder = "\(NSTemporaryDirectory())/mount-\(UUID().uuidString)"
        guard let disk = try? SmallDisk(folder, size: "64k") else { return false }
        disk.unmount()
        return (try? FileManager.default.removeItem(atPath: folder)) != nil
    }()

    init(_ folder: String, size: String) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let options = "size=\(size),mode=0700"
        let mounted = try Command.run("/bin/mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder])
        guard mounted.status == 0 else { throw Failure("mount: \(mounted.errors)") }
    }

    /// Writes until not one more byte fits.
    func fill() throws {
        let file = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { throw Failure("cannot write \(filler)") }
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 4096)
        while write(file, block, block.count) > 0 {}
        guard errno == ENOSPC else { throw Failure("\(filler): \(String(cString: strerror(errno)))") }
    }

    /// Uses up all inodes of the file system.
    func useUpFiles() throws {
        var number = 0
        while case let file = open("\(filler)-\(number)", O_WRONLY | O_CREAT, 0o600), file >= 0 {
            close(file)
            number += 1
        }
        guard errno == ENOSPC else { throw Failure("\(filler): \(String(cString: strerror(errno)))") }
    }

    func empty() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasPrefix("filler") {
            unlink("\(folder)/\(name)")
        }
    }

    func unmount() {
        _ = try? Command.run("/bin/umount", ["-l", folder])
    }
}
