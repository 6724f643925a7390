internal import CProcess
internal import Glibc

/// A mark that the processes of one program on this host share, such as "the database hangs".
///
/// It is a lock on one byte of the program's own file, which each of its processes can open and none has to write. The kernel
/// takes the lock away when the process that set it ends.
package final class HostMark {
    private let descriptor: Int32
    private let byte: Int64

    /// - Parameter subject: what the mark is about. Marks about other subjects are other marks.
    package init(_ subject: String) {
        descriptor = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        // FNV-1a, which is the same in all processes; the sign is no part of an offset.
        let hash = subject.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        byte = Int64(hash >> 2)
    }

    deinit {
        close(descriptor)
    }

    /// Whether another process has set it. `false` when nothing can be found out.
    package var isSet: Bool { admirror_is_locked(descriptor, byte) == 1 }

    /// - Returns: `false` when another process has set it, or it cannot be set.
    package func set() -> Bool { !isSet && admirror_lock(descriptor, byte, 1) == 0 }

    package func clear() {
        _ = admirror_lock(descriptor, byte, 0)
    }
}
