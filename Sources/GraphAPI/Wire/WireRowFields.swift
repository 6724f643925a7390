internal import Model

// The kinds of fields that Facebook's objects have.

extension WireRow {
    /// An id of another object.
    mutating func id(_ field: String) -> String? {
        read(field, Self.id)
    }

    /// A text that people wrote. A number counts as its digits, because some encoders drop the quotes.
    mutating func name(_ field: String) -> String? {
        read(field, Self.text)
    }

    /// Words of Facebook's own, such as `ACTIVE`. Words that we do not know pass through.
    mutating func word(_ field: String) -> String? {
        read(field, Self.word)
    }

    mutating func optionalWord(_ field: String) -> String? {
        readOptional(field, Self.word)
    }

    /// A currency by its three letters (ISO 4217). Which one it is decides what a minor unit is worth.
    mutating func currency(_ field: String) -> String? {
        read(field) { value in
            Self.word(value).flatMap { word in
                word.utf8.count == 3 && word.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? word : nil
            }
        }
    }

    mutating func time(_ field: String) -> Timestamp? {
        read(field, Self.time)
    }

    mutating func optionalTime(_ field: String) -> Timestamp? {
        readOptional(field, Self.time)
    }

    /// A budget in minor units. `"0"` means that this kind of budget is not used, like an absent one.
    mutating func budget(_ field: String, _ currency: String) -> Amount? {
        rest(ofBudget: field, currency).flatMap { $0 == .zero ? nil : $0 }
    }

    /// What is left of a budget in minor units, which may be nothing.
    mutating func rest(ofBudget field: String, _ currency: String) -> Amount? {
        readOptional(field) { value in
            Self.number(value)?.integer.flatMap { Amount(minorUnits: "\($0)", currency: currency) }
        }
    }

    /// An amount of money in minor units, zero and debts included.
    mutating func minorUnits(_ field: String, _ currency: String) -> Amount? {
        readOptional(field) { value in
            switch value {
            case .text(let text), .number(let text):
                ExactDecimal(text)?.integer.flatMap { Amount(signedMinorUnits: $0, currency: currency) }
            default: nil
            }
        }
    }

    /// An object in a field, if present. If anything inside is unreadable, the whole field is.
    mutating func member<Value>(_ field: String, _ read: (inout WireRow) -> Value?) -> Value? {
        let members = readOptional(field) { value -> WireValue? in
            if case .object = value { value } else { nil }
        }
        guard let members else { return nil }
        var inner = WireRow(members, "")
        let value = read(&inner)
        if !inner.defects.isEmpty { noteUnknown(field) }
        return value
    }

    // MARK: Metrics

    /// A whole number that adds up. An absent one is 0, because Facebook leaves out what did not happen.
    mutating func count(_ field: String) -> Int? {
        metric(field, absent: 0, Self.count)
    }

    /// An amount that adds up. An absent one is 0, because Facebook leaves out what did not happen.
    mutating func amount(_ field: String) -> Amount? {
        metric(field, absent: .zero, Self.amount)
    }

    /// An estimate, which Facebook does not give for everything.
    mutating func optionalCount(_ field: String) -> Int? {
        metric(field, absent: nil, Self.count)
    }

    mutating func optionalAmount(_ field: String) -> Amount? {
        metric(field, absent: nil, Self.amount)
    }

    /// A word about results, which Facebook does not give for everything.
    mutating func word(ofMetric field: String) -> String? {
        metric(field, absent: nil, Self.word)
    }

    mutating func metric<Value>(_ field: String, absent: Value?, _ read: (WireValue) -> Value?) -> Value? {
        guard !refusedFields.contains(field) else { return nil }
        guard let wire = value(field) else { return absent }
        guard let value = read(wire) else {
            noteUnknown(field)
            return nil
        }
        return value
    }

    // MARK: Values

    static func text(_ value: WireValue) -> String? {
        switch value {
        case .text(let text), .repairedText(let text): text
        case .number(let digits): digits
        default: nil
        }
    }

    private static func word(_ value: WireValue) -> String? {
        if case .text(let text) = value, !text.isEmpty { text } else { nil }
    }

    private static func time(_ value: WireValue) -> Timestamp? {
        if case .text(let text) = value { Timestamp(text) } else { nil }
    }

    /// A number, with or without quotes. A metric or budget below zero is a correction that cannot be interpreted.
    static func number(_ value: WireValue) -> ExactDecimal? {
        switch value {
        case .text(let text), .number(let text):
            ExactDecimal(text).flatMap { $0.isNegative && !$0.isZero ? nil : $0 }
        default: nil
        }
    }

    static func amount(_ value: WireValue) -> Amount? {
        number(value)?.micros.map { Amount(micros: $0) }
    }

    static func count(_ value: WireValue) -> Int? {
        number(value)?.integer.map { Int($0) }.flatMap { (0...1_000_000_000_000_000).contains($0) ? $0 : nil }
    }
}
