internal import Model

/// `results`: `[{"indicator":"actions:lead","values":[{"value":"3","attribution_windows":["default"]}]}]`. There is an entry
/// for each goal. One without `values` is zero.
struct ResultList {
    /// The number of each indicator.
    private let numbers: [String: Amount]

    /// The most indicators of a list, and the most bytes of one. Facebook has far fewer.
    private static let (mostIndicators, longestIndicator) = (30, 200)

    /// - Returns: `nil` if any part of it is unknown.
    func quantity(_ part: ResultPart) -> Quantity? {
        switch part {
        case .number: numbers.count == 1 ? numbers.values.first.map { .amount($0) } : nil
        case .indicator: numbers.count == 1 ? numbers.keys.first.map { .text($0) } : nil
        case .mix: numbers.count > 1 ? .text(json) : nil
        }
    }

    private var json: String {
        WireValue.object(
            numbers.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: .number($0.value.description)) }
        ).json
    }

    /// What a list says.
    fileprivate enum Reading {
        case known(ResultList)
        /// Nothing is wrong with it, but it has no number for the attribution windows of the ad sets.
        case unknown
    }

    /// - Returns: `nil` for what has another form.
    fileprivate static func read(_ wire: WireValue) -> Reading? {
        guard case .list(let elements) = wire, elements.count <= mostIndicators else { return nil }
        var numbers: [String: Amount] = [:]
        var isKnown = !elements.isEmpty
        for element in elements {
            guard case .object(let members) = element, case .text(let indicator) = members.value(of: "indicator"),
                !indicator.isEmpty, indicator.utf8.count <= longestIndicator, let number = number(of: members)
            else { return nil }
            switch number {
            case .unknown: isKnown = false
            case .known(let number):
                guard let sum = (numbers[indicator] ?? .zero).adding(number) else { return nil }
                numbers[indicator] = sum
            }
        }
        return isKnown ? .known(ResultList(numbers: numbers)) : .unknown
    }

    private enum Number {
        case known(Amount)
        case unknown
    }

    /// The number for the windows that each ad set has by itself.
    /// - Returns: `nil` for what has another form, or has two such numbers.
    private static func number(of members: [WireValue.Member]) -> Number? {
        guard let wire = members.value(of: "values") else { return .known(.zero) }
        guard case .list(let values) = wire, !values.isEmpty else { return nil }
        var found: Amount?
        for value in values {
            guard case .object(let members) = value, let number = members.value(of: "value").flatMap(WireRow.amount),
                let isDefault = isDefault(members.value(of: "attribution_windows"))
            else { return nil }
            guard isDefault else { continue }
            guard found == nil else { return nil }
            found = number
        }
        return found.map { .known($0) } ?? .unknown
    }

    /// - Returns: `nil` for what is no list of words.
    private static func isDefault(_ windows: WireValue?) -> Bool? {
        guard let windows else { return true }
        guard case .list(let names) = windows else { return nil }
        var isDefault = false
        for name in names {
            guard case .text(let word) = name else { return nil }
            if word == "default" { isDefault = true }
        }
        return isDefault
    }
}

extension WireRow {
    /// - Returns: `nil` if the results are unknown: refused, absent, without a number, or in another form.
    mutating func resultList(_ field: String) -> ResultList? {
        let reading: ResultList.Reading? = metric(field, absent: .unknown, ResultList.read)
        if case .known(let list) = reading { return list }
        return nil
    }
}
