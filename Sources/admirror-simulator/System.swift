import FoundationEssentials
import Glibc

// The three calls of the system that the simulator needs. `Program` has them, too, but with it come the libraries of
// everything else, BoringSSL among them, which the simulator's release build would have to compile.

func secondsSince1970() -> Double { Date().timeIntervalSince1970 }

func pause(seconds: Double) {
    usleep(UInt32(min(max(seconds, 0), 3600) * 1_000_000))
}

/// The text of a file. `nil` when it cannot be read or is no UTF-8.
func readFile(_ path: String) -> String? {
    try? String(contentsOfFile: path, encoding: .utf8)
}
