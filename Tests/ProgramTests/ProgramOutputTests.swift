import Testing

@testable import Program

@Suite struct ProgramOutputTests {
    @Test("both outputs of a program are returned with its exit code")
    func both() {
        let output = ProgramOutput.of(["/bin/sh", "-c", "echo out; echo err >&2; exit 3"])
        #expect(output?.text == "out\nerr\n")
        #expect(output?.status == 3)
    }

    @Test("long output is truncated at its end, and the program still runs to its end")
    func long() {
        let output = ProgramOutput.of(["/bin/sh", "-c", "head -c 9000000 /dev/zero"])
        #expect(output?.text.utf8.count == 4 << 20)
        #expect(output?.status == 0)
    }

    @Test("a program that does not end is killed")
    func endless() {
        let output = ProgramOutput.of(["/bin/sh", "-c", "echo begun; exec sleep 600"], within: 0.5)
        #expect(output?.text == "begun\n")
        #expect(output?.status == nil)
    }

    @Test("a missing program has no output")
    func missing() {
        #expect(ProgramOutput.of(["/nowhere/nginx"]) == nil)
    }
}
