/// One line of what `admirror doctor` has to say.
struct Finding: Encodable, Equatable {
    enum Level: String, Encodable, Comparable, CaseIterable {
        case ok
        /// It works, but a person should act.
        case warning
        /// It does not work, or not safely.
        case problem

        static func < (one: Level, other: Level) -> Bool {
            (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
        }
    }

    let level: Level
    /// The subject: `database`.
    let area: String
    /// One sentence, without a full stop.
    let text: String
    /// What to do: the command if there is one, and what a command cannot do.
    let mend: String?
    /// A shell command after which the finding is gone. `EMAIL` is a placeholder for an address. A token is read from
    /// standard input.
    var command: String?
}

/// Looks at one thing.
protocol Check {
    var area: String { get }

    func look() throws -> [Finding]
}

extension Check {
    func ok(_ text: String) -> Finding { Finding(level: .ok, area: area, text: text, mend: nil) }

    func warning(_ text: String, _ mend: String) -> Finding {
        Finding(level: .warning, area: area, text: text, mend: mend)
    }

    func problem(_ text: String, _ mend: String) -> Finding {
        Finding(level: .problem, area: area, text: text, mend: mend)
    }

    /// - Parameters:
    ///   - command: after it the finding is gone. A test runs each.
    ///   - advice: what else to do.
    func warning(_ text: String, run command: String, _ advice: String? = nil) -> Finding {
        finding(.warning, text, command, advice)
    }

    func problem(_ text: String, run command: String, _ advice: String? = nil) -> Finding {
        finding(.problem, text, command, advice)
    }

    private func finding(_ level: Finding.Level, _ text: String, _ command: String, _ advice: String?) -> Finding {
        let mend = advice.map { "\(command); \($0)" } ?? command
        return Finding(level: level, area: area, text: text, mend: mend, command: command)
    }
}

/// Words for a time: `40 s`, `12 min`, `5 h`, `3 d`.
func words(for seconds: Double) -> String {
    switch seconds {
    case ..<120: "\(Int(seconds)) s"
    case ..<7200: "\(Int(seconds / 60)) min"
    case ..<172_800: "\(Int(seconds / 3600)) h"
    default: "\(Int(min(seconds, 1e12) / 86_400)) d"
    }
}
