internal import Glibc

/// The machine that we run on.
package enum Host {
    /// Running processes of a program, by the name of its file. Processes that this user may not inspect are not
    /// included.
    package static func processes(of program: String) -> [Int] {
        // The kernel keeps 15 bytes of a name, which everyone can read. Only root and the owner can read the file.
        let known = Array(program.utf8.prefix(15))
        return entries("/proc").compactMap { Int($0) }.filter { process in
            guard let name = readFile("/proc/\(process)/comm") else { return false }
            return Array(name.utf8.prefix { $0 != UInt8(ascii: "\n") }) == known
        }
    }

    /// Bytes that are free for us where a path lies, and how many there are in all; `nil` when nothing is there.
    package static func diskSpace(at path: String) -> (free: Int, total: Int)? {
        var facts = statvfs()
        guard statvfs(path, &facts) == 0 else { return nil }
        // Some file systems report more than is possible.
        func bytes(_ blocks: some BinaryInteger) -> Int {
            let product = Int(clamping: blocks).multipliedReportingOverflow(by: Int(clamping: facts.f_frsize))
            return product.overflow ? .max : product.partialValue
        }
        return (bytes(facts.f_bavail), bytes(facts.f_blocks))
    }

    /// Permission bits of a file or folder; `nil` when it is not there, or not to be seen.
    package static func mode(of path: String) -> Int? {
        var facts = stat()
        return stat(path, &facts) == 0 ? Int(facts.st_mode & 0o7777) : nil
    }

    package static func isReadableByAll(_ path: String) -> Bool {
        mode(of: path).map { $0 & 0o004 != 0 } ?? false
    }

    private static func entries(_ folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return names
    }
}
