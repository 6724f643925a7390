internal import ASCII
internal import Model

/// Reads the fields of one object from Facebook.
///
/// A value of the wrong form is unknown: it is neither guessed nor an error. Each such value is recorded as a defect.
/// Fields that a row cannot do without are read with `required…`, which throws `UnusableRow`.
struct WireRow {
    /// The kind of row, for people: `campaign`, `the results of ad`.
    private let noun: String
    private let members: [WireValue.Member]
    private let isObject: Bool
    /// Names of fields that Facebook refuses. They were not requested, so they are unknown.
    let refusedFields: Set<String>
    /// The object that the row describes, once it is known.
    private(set) var objectID: String?
    private var day: Day?
    private(set) var gaps = Gaps()
    private(set) var defects: [Defect] = []

    init(_ value: WireValue, _ noun: String, refusedFields: Set<String> = []) {
        self.noun = noun
        self.refusedFields = refusedFields
        if case .object(let members) = value {
            self.members = members
            isObject = true
        } else {
            members = []
            isObject = false
        }
    }

    // MARK: What is noted

    private var subject: String {
        let name = objectID.map { "\(noun) \($0)" } ?? noun
        return day.map { "\(name) on \($0)" } ?? name
    }

    mutating func noteRepaired(_ field: String) {
        gaps.damaged.append(field)
        defects.append(Defect(.repaired, subject: subject, field: field, day: day))
    }

    mutating func noteUnknown(_ field: String) {
        gaps.unknown.append(field)
        gaps.damaged.append(field)
        defects.append(Defect(.unknown, subject: subject, field: field, day: day))
    }

    /// A field that is absent though every row has it. Facebook sent nothing wrong, so this is no defect, but the value is
    /// unknown all the same. If it was asked for, it is read again.
    private mutating func noteAbsent(_ field: String) {
        gaps.unknown.append(field)
        if !refusedFields.contains(field) { gaps.damaged.append(field) }
    }

    func unusable(_ field: String?) -> UnusableRow {
        UnusableRow(Defect(.leftOut, subject: subject, field: field, day: day))
    }

    // MARK: Values

    /// - Returns: `nil` if the field is absent or was not requested.
    func value(_ field: String) -> WireValue? {
        refusedFields.contains(field) ? nil : members.value(of: field)
    }

    /// The row's own id, without which it is of no use.
    /// - Parameter mostDigits: longer ids are none.
    mutating func requiredID(_ field: String, mostDigits: Int = 25) throws(UnusableRow) -> String {
        guard isObject else { throw unusable(nil) }
        guard let id = members.value(of: field).flatMap(Self.id), id.utf8.count <= mostDigits else {
            throw unusable(field)
        }
        objectID = id
        return id
    }

    /// The row's day, without which it is of no use.
    mutating func requiredDay(_ field: String) throws(UnusableRow) -> Day {
        guard isObject else { throw unusable(nil) }
        guard case .text(let text) = members.value(of: field), let day = Day(text) else { throw unusable(field) }
        self.day = day
        return day
    }

    /// Digits, as a text or a number. A number with rounded digits is rejected.
    static func id(_ value: WireValue) -> String? {
        switch value {
        case .text(let text):
            return isID(text) ? text : nil
        case .number(let digits):
            if isID(digits) { return digits }
            // `1.0` and `1e3` are exact up to 2^53; a larger one in this form has passed through a double.
            guard let number = ExactDecimal(digits)?.integer, (1...(1 << 53)).contains(number) else { return nil }
            return String(number)
        default: return nil
        }
    }

    private static func isID(_ text: String) -> Bool {
        text.utf8.count <= 25 && text.isDigits
            && text.utf8.contains { $0 != UInt8(ascii: "0") }
    }

    /// A field that every row has. `nil` when it is absent or cannot be read.
    mutating func read<Value>(_ field: String, _ read: (WireValue) -> Value?) -> Value? {
        guard let wire = value(field) else {
            noteAbsent(field)
            return nil
        }
        guard let value = read(wire) else {
            noteUnknown(field)
            return nil
        }
        if case .repairedText = wire { noteRepaired(field) }
        return value
    }

    /// A field that is absent, or `null`, where there is nothing to say.
    mutating func readOptional<Value>(_ field: String, _ read: (WireValue) -> Value?) -> Value? {
        switch value(field) {
        case nil, .null: nil
        default: self.read(field, read)
        }
    }
}

/// A row that cannot be used at all.
struct UnusableRow: Error {
    let defect: Defect

    init(_ defect: Defect) {
        self.defect = defect
    }
}
