internal import HTTPMessages

/// Reads insights through a report that Facebook computes in the background: orders it, polls until it is ready, and
/// reads its pages. Facebook keeps a report for 30 days, so a later run with its id can continue.
///
/// Source: Meta, Marketing API, insights, "Asynchronous jobs".
package final class ReportReading<Value>: GraphReading {
    private enum Stage {
        case order
        case making(id: String)
        case reading(ListReading<Value>)
    }

    private let list: GraphList
    private let position: ListPosition
    private let key: (Value) -> Int
    private let most: () -> Int?
    private let read: (inout WireRow) throws(UnusableRow) -> Value
    private let page: (ListPage<Value>) throws -> Void
    private let ordered: (String?) throws -> Void
    private let refused: (Set<String>) throws -> Void
    private let advanced: (Int) throws -> Void
    private let unready: () throws -> Void
    private let restarted: () throws -> Void
    private var stage: Stage
    private var refusedFields: Set<String>
    /// Set while the field that makes the report fail is being looked for, with the failure that names none.
    private var search: (fields: FieldSearch, refusal: GraphError)?
    private var polls = 0
    private var orders: Int
    /// Whether the report is one of an earlier run, which may be ready since long.
    private var isTakenOver: Bool
    /// The cursor of the page at which an earlier run stopped; `nil` to read the report from its start.
    private var cursor: String?
    /// The last progress of the report, and for how many seconds it has not changed.
    private var percent: Int
    private var idle: Double
    /// Seconds without any progress after which a report is stuck. Meta: "can take up to an hour", but it moves.
    private static var mostIdle: Double { 480 }
    /// The same while Facebook does not say how much of it is made.
    private static var mostUnmeasured: Double { 3600 }

    init(
        _ list: GraphList,
        at position: ListPosition,
        use: ReportUse,
        key: @escaping (Value) -> Int,
        most: @escaping () -> Int?,
        reading read: @escaping (inout WireRow) throws(UnusableRow) -> Value,
        page: @escaping (ListPage<Value>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) {
        self.list = list
        self.position = position
        self.key = key
        self.most = most
        self.read = read
        self.page = page
        self.restarted = restarted
        ordered = use.ordered
        refused = use.refused
        advanced = use.advanced
        unready = use.unready
        orders = use.earlier?.orders ?? 0
        isTakenOver = use.earlier != nil
        cursor = position.cursor
        percent = use.earlier?.percent ?? 0
        idle = use.earlier?.idle ?? 0
        refusedFields = position.refusedFields
        stage = use.earlier.map { .making(id: $0.id) } ?? .order
    }

    /// Whether its rows are being read.
    var isMade: Bool {
        if case .reading = stage { true } else { false }
    }

    package var call: GraphCall? {
        switch stage {
        case .order:
            var asked = position
            asked.refusedFields = refusedFields.union(search?.fields.leftOut ?? [])
            var parameters = list.query(asked)
            parameters.items.removeAll { $0.name == "limit" || $0.name == "after" }
            return GraphCall(
                method: "POST",
                path: list.path,
                parameters: parameters,
                kind: list.kind,
                options: Retry.Options(
                    neededFields: list.neededFields,
                    optionalFields: list.optionalFields(without: asked.refusedFields),
                    isOrder: true
                )
            )
        case .making(let id):
            return GraphCall(
                path: id,
                parameters: QueryParameters(),
                kind: list.kind,
                delay: pause,
                options: Retry.Options(isReport: true, canBeLost: true)
            )
        case .reading(let pages):
            var call = pages.call
            // A report that was made can be gone as well.
            call?.options.canBeLost = true
            call?.options.namesFields = false
            call?.options.optionalFields = list.optionalFields(without: refusedFields)
            return call
        }
    }

    /// A second, two, four … half a minute. The first poll of a report that may be ready is immediate.
    private var pause: Double { polls == 0 ? (isTakenOver ? 0 : 0.5) : min(Double(1 << min(polls - 1, 5)), 30) }

    package func take(_ answer: GraphAnswer) throws {
        switch stage {
        case .order:
            let id = try answer.read { document throws(GraphError) -> String in
                guard let id = document["report_run_id"].flatMap(WireRow.id) else {
                    throw .unreadable("Facebook's response cannot be read: the report has no id")
                }
                return id
            }
            polls = 0
            (percent, idle) = (0, 0)
            if search == nil {
                orders += 1
                if refusedFields != position.refusedFields { try refused(refusedFields) }
                try ordered(id)
            }
            stage = .making(id: id)
        case .making(let id):
            try look(at: try answer.read(ReportState.init), id, hiding: answer.secrets)
        case .reading(let pages):
            try pages.take(answer)
        }
    }

    private func look(at state: ReportState, _ id: String, hiding secrets: [String]) throws {
        idle += pause
        polls += 1
        if state.isComplete {
            guard search == nil else { return try probed(works: true) }
            stage = .reading(rows(of: id))
            return
        }
        if let made = state.percent, made > percent {
            (percent, idle) = (made, 0)
            try advanced(percent)
        }
        let isStuck = idle > (state.percent == nil ? Self.mostUnmeasured : Self.mostIdle)
        guard state.hasFailed || state.isSkipped || isStuck else {
            // Another child, which came back for it, would not know what a probe leaves out.
            if search == nil { try unready() }
            return
        }
        try recover(from: state.failure(of: list.path, hiding: secrets), isSkipped: state.isSkipped)
    }

    private func rows(of id: String) -> ListReading<Value> {
        ListReading(
            GraphList(
                path: "\(id)/insights",
                noun: list.noun,
                kind: list.kind,
                fields: [],
                needed: 0,
                parameters: [],
                asksForTotal: false
            ),
            at: ListPosition(pageSize: position.pageSize, refusedFields: refusedFields, cursor: cursor),
            key: key,
            most: most,
            reading: read,
            page: page,
            restarted: restarted
        )
    }

    // MARK: Reports that fail

    private func recover(from error: GraphError, isSkipped: Bool) throws {
        switch error.kind {
        case .rateLimited, .tokenInvalid, .appRefused:
            // A later run needs another report: this one has failed for good.
            search = nil
            try forget()
            throw error
        case .fieldRefused, .permissionMissing:
            guard search == nil else { return try probed(works: false) }
            try leaveFieldsOut(because: error)
        default:
            if search != nil {
                search = nil
                throw error
            }
            if orders >= 2, !isSkipped { throw error }
            try orderAnew()
        }
    }

    /// Leaves out the fields that the refusal names or mentions. Where there are none, further reports show which it is.
    private func leaveFieldsOut(because error: GraphError) throws {
        let optional = list.optionalFields(without: refusedFields)
        let refused = { (names: [String]) in
            optional.filter { !GraphList.members(of: $0).isDisjoint(with: names) }.map(GraphList.name)
        }
        var names: [String] = []
        if case .fieldRefused(let named) = error.kind { names = named }
        let found = refused(names).isEmpty && names.isEmpty ? refused(error.mentionedNames) : refused(names)
        guard found.isEmpty else {
            refusedFields.formUnion(found)
            return try orderAnew()
        }
        // A field that rows cannot do without.
        guard names.isEmpty, !optional.isEmpty else { throw error }
        search = (FieldSearch(optional), error)
        try forget()
    }

    /// Takes whether the report of a probe could be made.
    private func probed(works: Bool) throws {
        let refusal = search?.refusal
        let outcome = search?.fields.note(works: works)
        try forget()
        switch outcome {
        case .found(let name):
            search = nil
            refusedFields.insert(name)
            orders = 0
        case .isNoField:
            search = nil
            if let refusal { throw refusal }
        case .goesOn, nil:
            break
        }
    }

    /// Begins again with an order.
    private func forget() throws {
        isTakenOver = false
        cursor = nil
        stage = .order
        try ordered(nil)
        try restarted()
    }

    private func orderAnew() throws {
        guard orders < 3 else {
            throw GraphError(kind: .tooSlow, status: 200, message: "Facebook creates no report of \(list.path)")
        }
        try forget()
    }

    package func adapt(_ adaptation: Adaptation) throws {
        switch (stage, adaptation) {
        case (_, .report): try orderAnew()
        case (.reading, .withoutFields(let names)):
            // Its rows have the fields with which it was ordered.
            refusedFields.formUnion(names)
            try orderAnew()
        case (.reading(let pages), _): try pages.adapt(adaptation)
        case (_, .withoutFields(let names)): refusedFields.formUnion(names)
        case (_, .smallerPage):
            throw GraphError(kind: .tooMuchData, status: 200, message: "Facebook creates no report of \(list.path)")
        case (_, .restart): break  // it has no cursor
        }
    }
}

@available(*, unavailable)
extension ReportReading: Sendable {}
