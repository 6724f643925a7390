import CProcess
import Foundation
import Program
import Testing

@Suite struct MemorySecrecyTests {
    @Test("a process with secrets leaves no core dump of any kind")
    func noDumps() throws {
        MemorySecrecy.begin()
        let limits = try String(contentsOfFile: "/proc/self/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size +0 +0 /#))
        // Applies to other users than root, with the scripts of a local run: see MemorySecrecy.
        if getuid() == 0 { #expect(admirror_may_be_dumped() == 0) }
    }
}
