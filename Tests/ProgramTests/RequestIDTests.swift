import Testing

@testable import Program

@Suite struct RequestIDTests {
    @Test("an id in nginx's form is passed to a child; any other text is not")
    func handedOn() {
        let id = "0123456789abcdef0123456789abcdef"
        RequestID.begin(id)
        #expect(RequestID.current == id)
        let child = SyncStarter.neededEnvironment(["PATH": "/bin"], request: RequestID.current)
        #expect(child == ["PATH": "/bin", "ADMIRROR_REQUEST_ID": id])
        for other in ["", "x", id.uppercased(), id + "0", String(id.dropLast()) + "\n", String(id.dropLast()) + "é"] {
            RequestID.inherit(child)
            #expect(RequestID.current == id)
            RequestID.begin(other)
            #expect(RequestID.current == "")
        }
        RequestID.inherit([:])
        #expect(RequestID.current == "")
    }
}
