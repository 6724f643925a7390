internal import Glibc

extension Host {
    /// Whether a server that caches responses in this folder can write so many more bytes, and still has space for
    /// concurrent writes. `true` if that is unknown.
    /// - Parameter user: The server's user id; `nil` if it is unknown.
    package static func hasRoom(for bytes: Int, in folder: String, as user: UInt32? = nil) -> Bool {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return !unreachable.contains(errno) }
        guard canWrite(in: folder, as: user) else { return false }
        guard facts.f_blocks > 0 else { return true }
        guard facts.f_flag & UInt(ST_RDONLY) == 0 else { return false }
        // File systems without a fixed number of files report 0.
        guard facts.f_files == 0 || facts.f_favail >= leastFiles else { return false }
        let unit = Int(clamping: facts.f_frsize)
        let total = Int(clamping: facts.f_blocks).multipliedReportingOverflow(by: unit)
        let free = Int(clamping: facts.f_bavail).multipliedReportingOverflow(by: unit)
        let reserve = total.overflow ? mostReserve : min(mostReserve, total.partialValue / 16)
        return free.overflow || free.partialValue - reserve >= bytes
    }

    /// Whether a user may create files in a folder, by its owner and mode. `true` if that is unknown.
    ///
    /// The user's groups are unknown, so a group's permissions count as the user's.
    /// - Parameter user: `nil` means the folder's owner.
    package static func canWrite(in folder: String, as user: UInt32?) -> Bool {
        var facts = stat()
        guard stat(folder, &facts) == 0 else { return !unreachable.contains(errno) }
        guard facts.st_mode & S_IFMT == S_IFDIR else { return false }
        let user = user ?? facts.st_uid
        let (own, group, others) = (facts.st_mode >> 6 & 3, facts.st_mode >> 3 & 3, facts.st_mode & 3)
        if user == 0 { return true }
        return user == facts.st_uid ? own == 3 : group == 3 || others == 3
    }

    /// The id of a user; `nil` if there is no user of this name.
    package static func id(ofUser name: String) -> UInt32? {
        getpwnam(name)?.pointee.pw_uid
    }

    /// Errors of a folder that the server cannot reach either. nginx makes the folders within its cache, and never the cache's own.
    private static let unreachable = [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG, EIO]

    /// nginx keeps at least twice as much free (scripts/lib/nginx.sh), so that it makes room before this is reached.
    private static let mostReserve = 16 << 20
    /// Each answer takes a file, and at times two folders.
    private static let leastFiles: fsfilcnt_t = 64
}
