internal import Foundation

/// Runs `body` in this many threads that begin at the same moment. Connections and stores cannot leave their thread, so
/// each thread makes its own.
/// - Returns: the result of each thread, in order.
package func inThreads<Value: Sendable>(
    _ count: Int,
    _ body: @escaping @Sendable (_ number: Int) throws -> Value
) throws -> [Value] {
    let results = Results<Value>(count)
    let gate = DispatchSemaphore(value: 0)
    let group = DispatchGroup()
    for number in 0..<count {
        group.enter()
        let thread = Thread {
            gate.wait()
            results.set(number, Result { try body(number) })
            group.leave()
        }
        thread.start()
    }
    for _ in 0..<count { gate.signal() }
    group.wait()
    return try results.all()
}

private final class Results<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var results: [Result<Value, any Error>?]

    init(_ count: Int) {
        results = Array(repeating: nil, count: count)
    }

    func set(_ number: Int, _ result: Result<Value, any Error>) {
        lock.withLock { results[number] = result }
    }

    func all() throws -> [Value] {
        try lock.withLock { try results.compactMap { try $0?.get() } }
    }
}

/// Repeats the check until it holds, and gives up after `seconds`.
package func comesTrue(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock().now + .seconds(seconds)
    while try !condition() {
        guard ContinuousClock().now < end else { return false }
        Thread.sleep(forTimeInterval: 0.005)
    }
    return true
}

/// A value that one thread passes to others.
package final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var value = false

    package init() {}

    package var isSet: Bool { lock.withLock { value } }

    package func set() {
        lock.withLock { value = true }
    }
}

/// Work in a thread of its own.
package final class Background<Value: Sendable>: @unchecked Sendable {
    private let results = Results<Value>(1)
    private let group = DispatchGroup()
    private let began = Flag()

    package init(_ body: @escaping @Sendable () throws -> Value) {
        group.enter()
        let thread = Thread { [results, group, began] in
            began.set()
            results.set(0, Result { try body() })
            group.leave()
        }
        thread.start()
    }

    package var hasBegun: Bool { began.isSet }

    /// Waits until it ends.
    package func value() throws -> Value {
        group.wait()
        return try results.all()[0]
    }
}
