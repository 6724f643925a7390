internal import CProcess
internal import Glibc

/// Keeps what is in this process's memory there: it holds keys, tokens and passwords.
package enum MemorySecrecy {
    /// No core dump is written, and no other process of the same user may look into the memory. To be called first; a child
    /// has to call it by itself.
    package static func begin() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        // A handler that core dumps are piped to gets them whatever the limit is: https://man7.org/linux/man-pages/man5/core.5.html
        // (!) It also hides the environment from others than root, and that is how the scripts of a local run find the
        // processes that are theirs.
        if getuid() == 0 || getenv("ADMIRROR_STATE_DIR") == nil { _ = admirror_forbid_dumps() }
    }
}
