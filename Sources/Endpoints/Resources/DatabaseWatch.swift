internal import Store

/// Remembers that the database hangs, so that requests do not wait for it.
///
/// A database that refuses connections costs a request nothing. One that hangs costs two seconds, also for everyone who
/// waits for that responder. The first responder of the host that waited sets a mark that all of them see. They return
/// 503 at once, and the one that set the mark polls the database until it responds.
final class DatabaseWatch {
    /// Seconds for which this responder leaves the database alone, mark or not.
    private static let rest = 1.0
    private var restsUntil = -Double.infinity
    private let mark: DatabaseMark?
    private var hasMark = false
    private let now: () -> Double
    private let log: (String) -> Void

    /// - Parameter mark: `nil` when there is no other responder.
    init(mark: DatabaseMark?, now: @escaping () -> Double, log: @escaping (String) -> Void) {
        self.mark = mark
        self.now = now
        self.log = log
    }

    /// Whether the database is known to hang.
    var isHanging: Bool { hasMark || now() < restsUntil || mark?.isSet() == true }

    func note(_ error: any StoreError) {
        guard error.isHang else { return }
        restsUntil = now() + Self.rest
        guard let mark, !hasMark, mark.set() else { return }
        hasMark = true
        log("the database hangs: all responders of this host return 503 at once, while this one polls the database")
    }

    /// Asks the database until it responds or refuses, if this responder set the mark.
    /// - Parameters:
    ///   - goesOn: asked before each try.
    ///   - ask: waits for two seconds at most.
    func awaitDatabase(while goesOn: () -> Bool, _ ask: () throws -> Void) {
        guard hasMark else { return }
        let began = now()
        var hangs = true
        while hangs, goesOn() {
            do {
                try ask()
                hangs = false
            } catch {
                hangs = (error as? any StoreError)?.isHang ?? false
            }
        }
        mark?.clear()
        hasMark = false
        restsUntil = -.infinity
        if !hangs { log("the database no longer hangs, after \(Int(now() - began)) s") }
    }
}

/// A mark that all responders of a host see, and that is gone with the process that set it.
package struct DatabaseMark {
    /// Whether another process has set it.
    let isSet: () -> Bool
    /// `false` when another process has set it.
    let set: () -> Bool
    let clear: () -> Void

    package init(isSet: @escaping () -> Bool, set: @escaping () -> Bool, clear: @escaping () -> Void) {
        self.isSet = isSet
        self.set = set
        self.clear = clear
    }
}
