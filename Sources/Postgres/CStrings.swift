internal import Glibc

/// Calls `body` with C copies of the texts, which live until it returns: libpq copies nothing before it sends.
func withCStrings<Value: ~Copyable>(
    _ texts: [String?],
    _ body: ([UnsafePointer<CChar>?]) throws -> Value
) rethrows -> Value {
    let copies = texts.map { $0.flatMap { strdup($0) } }
    defer {
        for copy in copies { free(copy) }
    }
    return try body(copies.map { UnsafePointer($0) })
}
