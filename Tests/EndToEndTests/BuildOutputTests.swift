import Foundation
import TestSupport
import Testing

/// What `scripts/run` shows of a build.
@Suite struct BuildOutputTests {
    @Test("the linker's warnings about the toolchain's own libraries are not shown; all else is, and the exit code")
    func output() throws {
        // In place of the compiler: prints its arguments and these lines, and ends with this code.
        let folder = try Stack.newStateFolder()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let swift = folder.appending(path: "swift")
        try """
        #!/bin/sh
        echo "$*"
        echo "[1/2] Compiling Model Day.swift"
        echo "/opt/swift/usr/lib/swift_static/linux/libFoundationEssentials.a(Data.o):x: warning: the use of 'mktemp'" >&2
        echo "/src/Day.swift:1:1: warning: ours" >&2
        echo "Build of product complete"
        exit 3
        """.write(to: swift, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: swift.path)
        let result = try Command.run(
            "/bin/sh",
            [
                "-euc",
                """
                cd '\(Stack.root)'; PATH="\(folder.path):$PATH"; . scripts/lib/common.sh; . scripts/lib/build.sh
                build_release --product one || exit $?
                """,
            ]
        )
        #expect(result.status == 3, "\(result.errors)")
        #expect(
            result.output == """
                build -c release --static-swift-stdlib --product one
                [1/2] Compiling Model Day.swift
                /src/Day.swift:1:1: warning: ours
                Build of product complete

                """
        )
    }
}
