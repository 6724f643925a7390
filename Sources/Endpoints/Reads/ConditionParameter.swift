internal import ASCII
internal import Model
internal import Store

// The parameter `where`, which may occur several times: a field, an operator and a value.

extension Condition {
    /// The most conditions of a question.
    static let most = 20
    /// The most characters of a condition: more than a field and the longest name have.
    static let longest = 500

    /// The conditions of a request, each once and in one order.
    /// - Parameter columns: those that rows can have.
    static func all(
        _ parameters: Parameters,
        of columns: [AnswerColumn],
        takesCustom: Bool = true
    ) throws -> [Condition] {
        let texts = parameters.all("where")
        guard texts.count <= most else {
            throw RequestError.parameterInvalid("where", "occurs more than \(most) times")
        }
        let sorted = try texts.map { try Condition($0, of: columns, takesCustom) }
            .sorted { $0.spelling.utf8.lexicographicallyPrecedes($1.spelling.utf8) }
        // `==` of texts would take two spellings of an accented letter for the same.
        return sorted.enumerated().filter { index, condition in
            index == 0 || !condition.spelling.utf8.elementsEqual(sorted[index - 1].spelling.utf8)
        }.map(\.element)
    }

    /// Reads `spend >= 50`. Spaces around the three parts do not count.
    private init(_ text: String, of columns: [AnswerColumn], _ takesCustom: Bool) throws {
        guard text.unicodeScalars.count <= Self.longest else {
            throw RequestError.parameterInvalid("where", "is longer than \(Self.longest) characters")
        }
        // By scalars: an accent at the beginning of the value is one character with the operator before it.
        let scalars = text.unicodeScalars
        let place = scalars.firstIndex(where: Self.operators.contains) ?? scalars.endIndex
        let (name, rest) = (String(scalars[..<place]), String(scalars[place...]))
        // The longest one counts: ">=" is not ">" before a value that begins with "=".
        let symbols = Comparison.allCases.filter { rest.utf8.starts(with: $0.rawValue.utf8) }
        guard let comparison = symbols.max(by: { $0.rawValue.utf8.count < $1.rawValue.utf8.count }) else {
            throw RequestError.conditionInvalid(text, "has no operator")
        }
        guard let (field, kind) = Self.field(name.trimmed, of: columns, takesCustom) else {
            throw RequestError.conditionFieldUnknown(name.trimmed)
        }
        let value = String(rest.unicodeScalars.dropFirst(comparison.rawValue.utf8.count)).trimmed
        let isUnknown = value == "null" && comparison != .contains
        let allowed = isUnknown ? [.equal, .unequal] : kind.comparisons
        guard allowed.contains(comparison) else {
            throw RequestError.conditionInvalid(
                text,
                "uses an operator that \(isUnknown ? "null" : "a \(kind.rawValue)") does not have",
                hint: "In where, use one of \(allowed.map(\.rawValue).joined(separator: " ")) here."
            )
        }
        guard let read = isUnknown ? .unknown : Value(value, kind) else {
            throw RequestError.conditionInvalid(
                text,
                value.isEmpty ? "has no value" : "has a value that cannot be read",
                hint: "In where, write \(kind.form) after \(comparison.rawValue), or =null for unknown values."
            )
        }
        self.init(field, comparison, read)
    }

    /// The column of this name, and what its values are. Another name for a field makes no other question.
    private static func field(
        _ name: String,
        of columns: [AnswerColumn],
        _ takesCustom: Bool
    ) -> (name: String, kind: Field.Kind)? {
        if takesCustom, CustomConversion.id(inField: name) != nil { return (name, .count) }
        guard let field = Field.named(name), columns.contains(where: { $0.name == field.name }) else {
            return nil
        }
        if case .sameAs(let name) = field.source { return (name, field.kind) }
        return (field.name, field.kind)
    }

    private static let operators: Set<Unicode.Scalar> = ["=", "!", "<", ">", "~"]

    /// In one spelling, which reads as the same condition.
    var spelling: String { "\(field)\(comparison.rawValue)\(value.spelling)" }
}

extension Condition.Value {
    fileprivate init?(_ text: String, _ kind: Field.Kind) {
        switch kind {
        case .count, .money, .ratio, .percent:
            guard let number = Self.number(text) else { return nil }
            self = .number(number)
        case .text, .list:
            guard !text.isEmpty else { return nil }
            self = .text(text)
        case .boolean:
            guard let flag = Bool(text) else { return nil }
            self = .flag(flag)
        case .time:
            switch DayBound(text) {
            case .day(let day): self = .day(day)
            case .moment(let moment): self = .moment(moment)
            case nil: return nil
            }
        }
    }

    /// The most digits before and after the point: more than any stored number has.
    private static let (wholeDigits, places) = (18, 12)

    /// A number in one spelling: `7.5` for `007.50`. `nil` for what is no decimal number, or too long.
    private static func number(_ text: String) -> String? {
        var digits = Substring(text)
        let isNegative = digits.utf8.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        let halves = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = halves.first, halves.allSatisfy({ !$0.isEmpty && $0.utf8.areDigits }) else { return nil }
        let whole = first.drop { $0 == "0" }
        var fraction = halves.count > 1 ? halves[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        guard whole.utf8.count <= wholeDigits, fraction.utf8.count <= places else { return nil }
        let number = (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : ".\(fraction)")
        return isNegative && number != "0" ? "-\(number)" : String(number)
    }

    fileprivate var spelling: String {
        switch self {
        case .unknown: "null"
        case .number(let text), .text(let text): text
        case .flag(let flag): "\(flag)"
        case .day(let day): day.description
        case .moment(let moment): moment.description
        }
    }
}

extension Field.Kind {
    fileprivate var comparisons: [Condition.Comparison] {
        switch self {
        case .count, .money, .ratio, .percent, .time: [.equal, .unequal, .less, .atMost, .more, .atLeast]
        case .text, .list: [.equal, .unequal, .contains]
        case .boolean: [.equal, .unequal]
        }
    }

    /// What its values look like.
    fileprivate var form: String {
        switch self {
        case .count, .money, .ratio, .percent: "a decimal number such as 12.5"
        case .text, .list: "a text"
        case .time: "a day such as 2026-03-12 or a time such as 2026-03-12T22:02:47Z"
        case .boolean: "true or false"
        }
    }
}
