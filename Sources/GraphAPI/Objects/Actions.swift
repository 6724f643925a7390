internal import FoundationEssentials
internal import Model

/// An entry of `actions` or `action_values`: `{"action_type":"link_click","value":"1","1d_click":"1"}`. Which members
/// there are depends on attribution windows and breakdowns.
struct Action: Codable {
    let members: [String: FlexibleText]

    var type: String? { members["action_type"]?.text }
    var value: FlexibleText? { members["value"] }

    init(from decoder: any Decoder) throws {
        let told = try decoder.singleValueContainer().decode([String: FlexibleText].self)
        members = Dictionary(told.map { ($0.key.withoutNUL, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(members.mapValues(\.text))
    }

    /// All that Facebook told, as JSON text whose form depends on nothing but its content.
    static func text(_ actions: [Action]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(actions)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}

/// Purchases, from the one action type that covers the most channels. The types overlap: a purchase on a website is
/// told under each of them, so adding them up would count it three times.
struct Purchases {
    static let types = ["omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"]

    let count: Money
    let value: Money

    init(actions: [Action], values: [Action]) throws {
        let type = try Self.types.first { try sum(of: $0, in: actions) != nil }
        count = try type.flatMap { try sum(of: $0, in: actions) } ?? .zero
        value = try type.flatMap { try sum(of: $0, in: values) } ?? .zero
    }
}

/// The sum of an action type's entries, which repeat for each breakdown; `nil` when there is none with a value.
func sum(of type: String, in actions: [Action]) throws -> Money? {
    var sum: Money?
    for action in actions where action.type == type {
        guard let value = action.value else { continue }
        guard let amount = Money(decimal: value.text), let total = (sum ?? .zero).adding(amount) else {
            throw unreadable(type)
        }
        sum = total
    }
    return sum
}
