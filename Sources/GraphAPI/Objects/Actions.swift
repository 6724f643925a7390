internal import Model

/// `actions` or `action_values`: `[{"action_type":"link_click","value":"1","1d_click":"1"}]`. Which members an entry has
/// depends on attribution windows and breakdowns.
struct Actions {
    private struct Entry {
        let type: String
        /// `nil` when it cannot be read.
        let value: Amount?
    }

    private var entries: [Entry] = []
    /// Whether an entry cannot be read at all: it may be of any type.
    private(set) var hasHiddenEntry = false
    /// What Facebook sent; `nil` for nothing.
    private let elements: [WireValue]?

    /// No entries: Facebook leaves an empty list out.
    static var none: Actions { Actions() }

    private init() { elements = nil }

    /// - Returns: `nil` when it is no list.
    init?(_ wire: WireValue) {
        guard case .list(let elements) = wire else { return nil }
        self.elements = elements
        for element in elements {
            if case .object(let members) = element { take(members) } else { hasHiddenEntry = true }
        }
    }

    private mutating func take(_ members: [WireValue.Member]) {
        guard case .text(let type) = members.value(of: "action_type") else {
            hasHiddenEntry = true
            return
        }
        // An entry without a value says that there was something, and not how much.
        entries.append(Entry(type: type, value: members.value(of: "value").flatMap(WireRow.amount)))
    }

    /// Everything that Facebook sent, as JSON; `nil` when a part of it cannot be read, or when there is nothing.
    var json: String? {
        guard isReadable, let elements else { return nil }
        var written: [WireValue] = []
        written.reserveCapacity(elements.count)
        for element in elements {
            guard case .object(let members) = element, let texts = Self.texts(members) else { return nil }
            written.append(texts)
        }
        return WireValue.list(written).json
    }

    /// An entry's members as texts; `nil` when one of them is neither a text nor a number.
    private static func texts(_ members: [WireValue.Member]) -> WireValue? {
        var texts: [WireValue.Member] = []
        // In an order that depends on nothing but the content.
        for member in members.sorted(by: { $0.name < $1.name }) {
            guard let text = WireRow.text(member.value) else { return nil }
            texts.append(WireValue.Member(name: member.name, value: .text(text)))
        }
        return .object(texts)
    }

    /// Whether every entry has a value that can be read.
    var isReadable: Bool { !hasHiddenEntry && entries.allSatisfy { $0.value != nil } }

    /// The sum of a type's entries, which repeat for each breakdown.
    /// - Returns: zero when there is none; `nil` when the sum is unknown.
    func sum(of type: String) -> Amount? {
        guard !hasHiddenEntry else { return nil }
        var sum = Amount.zero
        for entry in entries where entry.type == type {
            guard let value = entry.value, let total = sum.adding(value) else { return nil }
            sum = total
        }
        return sum
    }

    /// The sum of the first of these types that has entries.
    /// - Returns: zero when none has; `nil` when the sum is unknown.
    func sum(ofFirst types: [String]) -> Amount? {
        types.first(where: has).map { sum(of: $0) } ?? (hasHiddenEntry ? nil : .zero)
    }

    /// The most custom conversions of a row. Facebook allows 100 for an account.
    private static let mostConversions = 200

    /// The sum of each custom conversion, as a JSON object with their ids.
    /// - Returns: `nil` when one of the sums is unknown.
    var customConversions: String? {
        let types = Set(entries.map(\.type)).sorted()
        let ids = types.compactMap { type in CustomConversion.id(inAction: type).map { (id: $0, type: type) } }
        guard !hasHiddenEntry, ids.count <= Self.mostConversions else { return nil }
        var members: [WireValue.Member] = []
        for (id, type) in ids {
            guard let sum = sum(of: type) else { return nil }
            members.append(WireValue.Member(name: id, value: .number(sum.description)))
        }
        return WireValue.object(members).json
    }

    func has(_ type: String) -> Bool { entries.contains { $0.type == type } }
}

extension WireRow {
    /// - Returns: `nil` when the list is unknown: refused, or no list.
    mutating func actions(_ field: String) -> Actions? {
        let actions = metric(field, absent: Actions.none, Actions.init)
        if let actions, !actions.isReadable { noteUnknown(field) }
        return actions
    }
}

/// Purchases, from the one action type that covers the most channels. The types overlap: Facebook counts a purchase on
/// a website under each of them, so their sum would count it three times.
struct Purchases {
    static let types = ["omni_purchase", "purchase", "offsite_conversion.fb_pixel_purchase"]

    /// `nil` when it is unknown.
    let count: Amount?
    /// `nil` when it is unknown, or when Facebook reports purchases without a value.
    let value: Amount?

    /// - Parameter actions: `nil` when they are unknown; `values` likewise.
    init(actions: Actions?, values: Actions?) {
        let type = actions.flatMap { actions in Self.types.first(where: actions.has) }
        let count = actions.flatMap { $0.sum(ofFirst: Self.types) }
        self.count = count
        // A hidden entry may be of the type that counts, and the value that of another one.
        let isTypeKnown = actions?.hasHiddenEntry != true
        value = isTypeKnown ? values.flatMap { Self.value($0, after: type, count: count) } : nil
    }

    /// The value is under the type that was counted, or under the next one that has a value.
    private static func value(_ values: Actions, after counted: String?, count: Amount?) -> Amount? {
        let first = counted.flatMap(types.firstIndex) ?? 0
        let order = types[first...] + types[..<first]
        if let type = order.first(where: values.has) { return values.sum(of: type) }
        // No value at all: nothing was bought, or it has none.
        return count == .zero ? values.sum(of: types[0]) : nil
    }
}
