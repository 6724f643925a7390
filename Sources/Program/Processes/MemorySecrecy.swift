internal import CProcess
internal import Glibc

/// Protects this process's memory, which contains keys, tokens and passwords.
package enum MemorySecrecy {
    /// No core dump is written, and no other process of the same user may look into the memory. To be called first; a child
    /// has to call it by itself.
    package static func begin() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A core dump handler receives dumps whatever the limit is: https://man7.org/linux/man-pages/man5/core.5.html
        // (!) This also hides the environment from all but root, and the scripts of a local run find their processes by
        // it.
        if getuid() == 0 || getenv("ADMIRROR_STATE_DIR") == nil { _ = admirror_forbid_dumps() }
    }
}
