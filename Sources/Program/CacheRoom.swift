internal import Glibc

extension Host {
    /// Whether a server that keeps answers in this folder can write so many bytes more, and still has room for what others
    /// write meanwhile. `true` when nothing can be found out.
    package static func hasRoom(for bytes: Int, in folder: String) -> Bool {
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0, facts.f_blocks > 0 else { return true }
        guard facts.f_flag & UInt(ST_RDONLY) == 0 else { return false }
        // File systems without a fixed number of files tell 0.
        guard facts.f_files == 0 || facts.f_favail >= leastFiles else { return false }
        let unit = Int(clamping: facts.f_frsize)
        let total = Int(clamping: facts.f_blocks).multipliedReportingOverflow(by: unit)
        let free = Int(clamping: facts.f_bavail).multipliedReportingOverflow(by: unit)
        let reserve = total.overflow ? mostReserve : min(mostReserve, total.partialValue / 16)
        return free.overflow || free.partialValue - reserve >= bytes
    }

    /// nginx keeps at least twice as much free (scripts/lib/nginx.sh), so that it makes room before this is reached.
    private static let mostReserve = 16 << 20
    /// Each answer takes a file, and at times two folders.
    private static let leastFiles: fsfilcnt_t = 64
}
