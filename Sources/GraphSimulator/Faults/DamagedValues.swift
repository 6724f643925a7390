/// Pages of the right form with damaged values in their rows.
enum DamagedValues: String, CaseIterable {
    /// Names end with the first half of a surrogate pair, as when a text is cut off within an emoji.
    case surrogate
    /// Names end with a byte that no UTF-8 text has.
    case utf8
    /// Names have a raw control character in them.
    case control
    /// Times are numbers, statuses are objects, spend is a list.
    case types
    /// `actions` has an entry `null`.
    case nullAction = "null_action"
    /// Numbers are the same, with an exponent.
    case exponent
    /// Spend is below zero.
    case negative
    /// Ids are numbers.
    case numericID = "numeric_id"
    /// Rows have two ids.
    case duplicateID = "duplicate_id"
    /// Ids are absent.
    case noID = "no_id"

    /// - Parameter id: only rows of this object; `nil` for all.
    func make(of body: JSON, id: String?) -> [UInt8] {
        var damaged = body
        if case .object(let members) = body {
            damaged = .object(
                members.map { name, value in
                    guard name == "data", case .array(let rows) = value else { return (name, value) }
                    return (name, .array(rows.map { concerns($0, id) ? row($0) : $0 }))
                }
            )
            if body["data"] == nil, concerns(body, id) { damaged = row(body) }
        }
        return bytes(of: damaged)
    }

    private func concerns(_ row: JSON, _ id: String?) -> Bool {
        guard let id else { return true }
        return Self.ids.contains { row[$0]?.scalarText == id }
    }

    private static let ids = ["id", "ad_id", "adset_id", "campaign_id"]

    private func row(_ row: JSON) -> JSON {
        guard case .object(let members) = row else { return row }
        let damaged = members.filter { self != .noID || $0.0 != "id" }.map { ($0.0, value($0.0, $0.1)) }
        let id = members.first { Self.ids.contains($0.0) }?.0
        return .object(self == .duplicateID ? id.map { [($0, "1")] + damaged } ?? damaged : damaged)
    }

    private func value(_ name: String, _ value: JSON) -> JSON {
        switch self {
        case .surrogate, .utf8, .control:
            if name == "name", case .string(let text) = value { return .string(text + Self.mark) }
        case .types:
            if name.hasSuffix("_time") { return 1_735_689_600 }
            if name == "status" || name == "effective_status" { return ["word": value] }
            if name == "spend" { return [value] }
        case .nullAction:
            if name == "actions", case .array(let entries) = value { return .array(entries + [.null]) }
        case .exponent:
            if ["spend", "impressions", "clicks", "reach"].contains(name) { return Self.withExponent(value) }
        case .negative:
            if name == "spend" { return "-0.01" }
        case .numericID:
            if name == "id" || name.hasSuffix("_id"), let number = value.scalarText.flatMap({ Int($0) }) {
                return .int(number)
            }
        case .duplicateID, .noID: break
        }
        return value
    }

    /// `14.35` as `1435e-2`.
    private static func withExponent(_ value: JSON) -> JSON {
        guard let text = value.scalarText else { return value }
        let places = text.split(separator: ".").dropFirst().first?.utf8.count ?? 0
        return .string("\(text.filter { $0 != "." })e-\(places)")
    }

    /// A placeholder in texts for the damage.
    private static let mark = "(damage)"

    private func bytes(of body: JSON) -> [UInt8] {
        let damage: [UInt8]? =
            switch self {
            case .surrogate: Array(#"\ud83d"#.utf8)
            case .utf8: [0xFF]
            case .control: [0x01]
            default: nil
            }
        return damage.map { body.text.replacing(Array(Self.mark.utf8), with: $0) } ?? body.text
    }
}
