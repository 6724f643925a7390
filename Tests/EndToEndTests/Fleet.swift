import Foundation
import TestSupport
import Testing

/// The responders of a stack, and the program that restarts them.
struct Fleet {
    let multiwatch: Int32
    let responders: [Int32]
}

extension Stack {
    /// Waits until as many responders run as multiwatch keeps: an earlier test may have killed some.
    func fleet() throws -> Fleet {
        do {
            try eventually("every responder runs", seconds: 60) { runningFleet() != nil }
        } catch {
            let found = ["multiwatch", "admirror-responder"].map { name in
                "\(name) \(Command.processes(named: name, with: state.path))"
            }
            throw Failure("\(error), but \(found.joined(separator: ", "))")
        }
        return try #require(runningFleet())
    }

    /// Waits until another multiwatch, with as many responders, has replaced this one.
    func waitForSuccessor(of old: Fleet) throws {
        try eventually("another multiwatch with as many responders", seconds: 60) {
            guard let new = runningFleet() else { return false }
            return new.multiwatch != old.multiwatch && new.responders.count == old.responders.count
        }
    }

    /// `nil` while responders start.
    func runningFleet() -> Fleet? {
        let multiwatch = Command.processes(named: "multiwatch", with: state.path)
        let responders = Command.processes(named: "admirror-responder", with: state.path)
        guard multiwatch.count == 1,
            let arguments = FileManager.default.contents(atPath: "/proc/\(multiwatch[0])/cmdline")
        else { return nil }
        let words = arguments.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard let flag = words.firstIndex(of: "-f"), words.indices.contains(flag + 1) else { return nil }
        return Int(words[flag + 1]) == responders.count ? Fleet(multiwatch: multiwatch[0], responders: responders) : nil
    }
}
