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
    private let read: (inout Row) throws(UnusableRow) -> Value
    private let page: (ListPage<Value>) throws -> Void
    private let ordered: (String?) throws -> Void
    private let advanced: (Int) throws -> Void
    private let unready: () throws -> Void
    private let restarted: () throws -> Void
    private var stage: Stage
    private var refusedFields: Set<String>
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
        reading read: @escaping (inout Row) throws(UnusableRow) -> Value,
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
            asked.refusedFields = refusedFields
            var parameters = list.query(asked)
            parameters.items.removeAll { $0.name == "limit" || $0.name == "after" }
            return GraphCall(
                method: "POST",
                path: list.path,
                parameters: parameters,
                kind: list.kind,
                options: Retry.Options(
                    neededFields: list.neededFields,
                    optionalFields: list.optionalFields(without: refusedFields),
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
                guard let id = document["report_run_id"].flatMap(Row.id) else {
                    throw .unreadable("Facebook's response cannot be read: the report has no id")
                }
                return id
            }
            orders += 1
            polls = 0
            (percent, idle) = (0, 0)
            try ordered(id)
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
        // "Completed" is not enough beside a smaller percentage, or while it is still running.
        if state.status == "Job Completed", (state.percent ?? 100) >= 100, !state.isRunning {
            stage = .reading(
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
            )
            return
        }
        if let made = state.percent, made > percent {
            (percent, idle) = (made, 0)
            try advanced(percent)
        }
        let isStuck = idle > (state.percent == nil ? Self.mostUnmeasured : Self.mostIdle)
        let hasFailed = state.status == "Job Failed"
        guard hasFailed || isStuck || state.status == "Job Skipped" else { return try unready() }
        let error = failure(of: state, hiding: secrets)
        if case .fieldRefused(let names) = error.kind {
            let refused = list.optionalFields(without: refusedFields).filter {
                !GraphList.members(of: $0).isDisjoint(with: names)
            }
            guard !refused.isEmpty else { throw error }
            refusedFields.formUnion(refused.map(GraphList.name))
        } else if orders >= 2, state.status != "Job Skipped" {
            throw error
        }
        try orderAnew()
    }

    /// Why Facebook could not make the report; since v25.0 it says so.
    private func failure(of state: ReportState, hiding secrets: [String]) -> GraphError {
        var facts = ErrorFacts()
        facts.code = state.errorCode
        facts.message = state.errorMessage
        var kind = GraphError.Kind.tooSlow
        if case .fieldRefused(let names) = GraphError.Kind.judge(facts, status: 200), !names.isEmpty {
            kind = .fieldRefused(names)
        }
        return GraphError(
            kind: kind,
            status: 200,
            code: facts.code ?? 0,
            message: state.errorMessage.map { presentable($0, hiding: secrets) }
                ?? "Facebook could not create a report of \(list.path)"
        )
    }

    private func orderAnew() throws {
        guard orders < 3 else {
            throw GraphError(kind: .tooSlow, status: 200, message: "Facebook creates no report of \(list.path)")
        }
        isTakenOver = false
        cursor = nil
        stage = .order
        try ordered(nil)
        try restarted()
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

/// The progress of a report: `{"async_status":"Job Running","async_percent_completion":40}`.
private struct ReportState {
    let status: String
    /// 0 to 100; `nil` when Facebook does not say so in a form that can be read.
    let percent: Int?
    /// Absent when false.
    let isRunning: Bool
    /// From v25 on.
    let errorCode: Int?
    let errorMessage: String?

    init(_ document: WireValue) throws(GraphError) {
        guard let status = document["async_status"].flatMap(Row.text) else {
            throw .unreadable("Facebook's response cannot be read: the report has no status")
        }
        self.status = status
        percent = document["async_percent_completion"].flatMap(Row.count).flatMap { $0 <= 100 ? $0 : nil }
        isRunning = document["is_running"] == .bool(true)
        errorCode = document["error_code"].flatMap(Row.text).flatMap { Int($0) }
        errorMessage = document["error_message"].flatMap(Row.text)
    }
}
