/// Searches for the field that makes a call fail when the refusal names none. It first omits all optional fields, then
/// requests half of the remaining ones. A search among n fields takes about log₂ n probes. A pure value.
struct FieldSearch: Equatable {
    enum Outcome: Equatable {
        case goesOn
        case found(String)
        /// The call fails without any optional field, too: the refusal is about something else.
        case isNoField
    }

    /// The fields that the call could do without, in the order of its `fields` parameter.
    private let fields: [String]
    /// Requesting so many of the first fields works; -1 until that is known.
    private var working = -1
    /// Requesting so many of the first fields fails.
    private var failing: Int

    init(_ fields: [String]) {
        self.fields = fields
        failing = fields.count
    }

    /// How many of the fields the present probe asks for.
    private var asked: Int { working < 0 ? 0 : (working + failing) / 2 }

    /// Names that the present probe leaves out.
    var leftOut: Set<String> { Set(fields.dropFirst(asked).map(GraphList.name)) }

    /// Takes the result of the present probe.
    mutating func note(works: Bool) -> Outcome {
        if works {
            working = asked
        } else if working < 0 {
            return .isNoField
        } else {
            failing = asked
        }
        guard working >= 0, failing - working == 1 else { return .goesOn }
        return .found(GraphList.name(of: fields[failing - 1]))
    }
}
