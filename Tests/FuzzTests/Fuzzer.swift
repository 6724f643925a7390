import Foundation

/// `fuzz PARSER [option of libFuzzer
/// folder of inputs]…`. Built by `scripts/fuzz`, which documents it.
@main struct Fuzzer {
    static func main() {
        guard CommandLine.arguments.count > 1, let parser = Parser(rawValue: CommandLine.arguments[1]) else {
            print(Parser.allCases.map(\.rawValue).joined(separator: "\n"))
            return
        }
        chosen = parser
        var arguments = ([CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)).map { strdup($0) } + [nil]
        var count = CInt(arguments.count - 1)
        let status = arguments.withUnsafeMutableBufferPointer { buffer in
            var start = buffer.baseAddress
            return runFuzzer(&count, &start) { bytes, count in
                do {
                    try Fuzzer.chosen.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
                } catch {
                    fatalError("\(Fuzzer.chosen): \(error)")
                }
                return 0
            }
        }
        exit(status)
    }

    // Written once, before libFuzzer's only thread runs.
    nonisolated(unsafe) fileprivate static var chosen = Parser.query
}

/// libFuzzer's own `main`, for programs that already have one (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer
/// as a library").
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
    _ check: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
