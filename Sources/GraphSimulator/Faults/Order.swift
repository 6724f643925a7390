/// An order to `/_control`: a JSON object with `fault` and its parameters.
struct Order {
    let fault: String
    private let members: JSON

    /// nil when there is no `fault` in it.
    init?(_ body: [UInt8]) {
        guard let members = JSON(parsing: body), let fault = members["fault"]?.scalarText else { return nil }
        self.fault = fault
        self.members = members
    }

    subscript(name: String) -> JSON? { members[name] }

    func text(_ name: String) -> String? { members[name]?.scalarText }
    /// A whole number, which may be inside a text.
    func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
    func flag(_ name: String) -> Bool { text(name) == "true" }

    /// Digits, of `act_1` or `1`.
    var account: String? { text("account").map { $0.hasPrefix("act_") ? String($0.dropFirst(4)) : $0 } }

    /// Whether a call is meant: `path` is a part of its path, `edge` the whole last piece of it.
    func concerns(path: String, account: String?) -> Bool {
        if let wanted = self.account, wanted != account { return false }
        if let edge = text("edge"), !path.hasSuffix("/\(edge)") { return false }
        guard let part = text("path") else { return true }
        return Self.contains(path, part)
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        var rest = Substring(text)
        while !rest.isEmpty {
            if rest.hasPrefix(part) { return true }
            rest.removeFirst()
        }
        return part.isEmpty
    }
}
