internal import Glibc

/// Keeps up to 16 MiB of freed memory instead of handing it back to the system after each answer and asking for it again for the
/// next: a tenth of a miss was spent on that. For a process that answers one request after the other.
package func keepFreedMemory() {
    // malloc.h; the constants are macros, which Swift does not import where they are negative.
    let trimThreshold: Int32 = -1
    let topPad: Int32 = -2
    let mapThreshold: Int32 = -3
    mallopt(trimThreshold, 16 << 20)
    mallopt(topPad, 1 << 20)
    mallopt(mapThreshold, 16 << 20)
}
