internal import Model

// What Facebook says about the delivery of an object. Much of it is text for people, of any length and in any language.

extension WireRow {
    /// What is wrong with the object, as JSON text: `[]` when Facebook names nothing.
    mutating func issues() -> String? {
        list("issues_info") { value throws(OddValue) in
            guard case .list(let entries) = value else { throw OddValue() }
            return try entries.prefix(ListText.mostEntries).map(Self.issue)
        }
    }

    /// Why the review of an ad refused it, as JSON text: `[]` when Facebook names no reason. Each reason has the placement
    /// that it concerns, `null` for all.
    mutating func reviewFeedback() -> String? {
        list("ad_review_feedback") { value throws(OddValue) in
            var reasons: [WireValue] = []
            for reason in try Self.members(of: value, "global") {
                reasons.append(try Self.reason(reason, placement: .null))
            }
            for placement in try Self.members(of: value, "placement_specific") {
                let name = WireValue.text(ListText.word(placement.name))
                for reason in try Self.members(of: placement.value) {
                    reasons.append(try Self.reason(reason, placement: name))
                }
            }
            return Array(reasons.prefix(ListText.mostEntries))
        }
    }

    /// The state of an ad set's learning.
    mutating func learning() -> String? {
        member("learning_stage_info") { $0.optionalWord("status") }.map(ListText.word)
    }

    // MARK: Entries

    private static func issue(_ entry: WireValue) throws(OddValue) -> WireValue {
        guard case .object = entry else { throw OddValue() }
        return .object([
            .init(name: "level", value: try text(entry["level"], ListText.word)),
            .init(name: "code", value: try wholeNumber(entry["error_code"])),
            .init(name: "type", value: try text(entry["error_type"], ListText.word)),
            .init(name: "summary", value: try text(entry["error_summary"], ListText.message)),
            .init(name: "message", value: try text(entry["error_message"], ListText.message)),
        ])
    }

    private static func reason(_ member: WireValue.Member, placement: WireValue) throws(OddValue) -> WireValue {
        .object([
            .init(name: "placement", value: placement),
            .init(name: "reason", value: .text(ListText.message(member.name))),
            .init(name: "message", value: try text(member.value, ListText.message)),
        ])
    }

    // MARK: Values

    /// - Parameter read: the entries.
    private mutating func list(_ field: String, _ read: (WireValue) throws(OddValue) -> [WireValue]) -> String? {
        guard !refusedFields.contains(field) else { return nil }
        guard let value = value(field), value != .null else { return "[]" }
        return self.read(field) { value in (try? read(value)).map { WireValue.list($0).json } }
    }

    private static func members(of value: WireValue, _ name: String) throws(OddValue) -> [WireValue.Member] {
        guard case .object = value else { throw OddValue() }
        guard let member = value[name], member != .null else { return [] }
        return try members(of: member)
    }

    private static func members(of value: WireValue) throws(OddValue) -> [WireValue.Member] {
        guard case .object(let members) = value else { throw OddValue() }
        return Array(members.prefix(ListText.mostEntries))
    }

    private static func text(_ value: WireValue?, _ bounded: (String) -> String) throws(OddValue) -> WireValue {
        guard let value, value != .null else { return .null }
        guard let text = text(value) else { throw OddValue() }
        return .text(bounded(text))
    }

    private static func wholeNumber(_ value: WireValue?) throws(OddValue) -> WireValue {
        guard let value, value != .null else { return .null }
        guard let number = text(value).flatMap({ ExactDecimal($0)?.integer }) else { throw OddValue() }
        return .number("\(number)")
    }
}

/// Something in a list cannot be read. The whole list is unknown then.
private struct OddValue: Error {}

/// Texts of lists, cut to what people read.
enum ListText {
    static let mostEntries = 20

    static func word(_ text: String) -> String { cut(text, 100) }

    static func message(_ text: String) -> String { cut(text, 500) }

    private static func cut(_ text: String, _ most: Int) -> String {
        // PostgreSQL's JSON has no NUL.
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(most).map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}
