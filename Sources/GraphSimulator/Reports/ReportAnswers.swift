import HTTPMessages

extension GraphSimulator {
    /// `POST /act_1/insights`
    func postReport(_ parameters: QueryParameters, of place: ObjectPlace, _ faults: [Fault]) throws(GraphError) -> JSON
    {
        let account = world.accounts[place.account]
        let today = account.clock.day(at: time)
        let query = try InsightsQuery(parameters, node: place.level, today: today, cap: insightsPageSizeCap)
        let id = reports.post { id in
            var report = Report(id: id, place: place, account: account.spec.id, query: query, posted: moment)
            for fault in faults { report.suffer(fault) }
            return report
        }
        return ["report_run_id": .string(String(id))]
    }

    /// Brings the world to the present, and fixes the numbers of each run that was done on the way.
    func catchUp() {
        for report in reports.due(at: moment) {
            if !isFrozen { world.advance(to: Int(report.completed)) }
            let account = world.accounts[report.place.account]
            let clock = DeliveryClock(account, now: Int(report.completed), frozen: isFrozen)
            reports.change(report.id) { $0.result = Report.Result(account: account, clock: clock) }
        }
        reports.expire(at: moment)
        if !isFrozen { world.advance(to: time) }
    }

    /// `GET /6023920149050`
    func poll(_ report: Report, _ parameters: QueryParameters, _ version: String) throws(GraphError) -> JSON {
        if report.hiddenPolls > 0 {
            reports.change(report.id) { $0.hiddenPolls -= 1 }
            throw .unsupported(String(report.id))
        }
        let state = report.state(at: moment)
        if state.isDone, report.end == .completed {
            reports.change(report.id) { report in
                report.isGone = report.lingeringPolls == 0 && report.getsLost
                report.lingeringPolls = max(report.lingeringPolls - 1, 0)
            }
        }
        return try report.node(state, fields: parameters["fields"], version)
    }

    /// `GET /6023920149050/insights`
    func page(of report: Report, _ parameters: QueryParameters, limit: Int) throws(GraphError) -> Page {
        guard report.hiddenPolls == 0 else { throw .unsupported(String(report.id)) }
        guard let result = report.result, report.state(at: moment).status == "Job Completed" else {
            throw .reportNotReady
        }
        if report.unreadyReads > 0 {
            reports.change(report.id) { $0.unreadyReads -= 1 }
            throw .reportNotReady
        }
        if let missing = try report.query.missing(inSummary: parameters["summary"]) { throw .notInReport(missing) }
        var query = report.query
        query.offset = try InsightsQuery.offset(parameters, limit: limit)
        return table(report, result).page(query, limit: limit)
    }
}

extension Report {
    fileprivate mutating func suffer(_ fault: Fault) {
        switch fault.name {
        case .reportSlow: duration = Double(fault.value ?? 60)
        case .reportFails:
            end = .failed
            failure = GraphError(
                code: fault.order.number("code") ?? failure.code,
                subcode: fault.order.number("subcode") ?? (fault.order["code"] == nil ? failure.subcode : nil),
                message: fault.order.text("message") ?? failure.message,
                userTitle: fault.order.text("user_title") ?? failure.userTitle,
                userMessage: fault.order.text("user_message") ?? failure.userMessage
            )
            isNumberInText = fault.order.text("shape") == ErrorShape.numberInText.rawValue
        case .reportSkipped: end = .skipped
        case .reportStuck: end = .stuck
        case .reportRace: hiddenPolls = fault.value ?? 1
        case .reportNotYet: lingeringPolls = fault.value ?? 1
        case .reportUnready: unreadyReads = fault.value ?? 1
        case .reportLost: getsLost = true
        default: break
        }
    }

    fileprivate struct State {
        let status: String
        let percent: Int
        var isRunning = false
        /// The work has ended, with any outcome.
        var isDone = false
    }

    fileprivate func state(at now: Double) -> State {
        let share = duration > 0 ? (now - posted) / duration : 1
        if end == .stuck || share < 0.1 { return State(status: "Job Not Started", percent: 0) }
        if share < 0.25 { return State(status: "Job Started", percent: 0, isRunning: true) }
        if share < 1 { return State(status: "Job Running", percent: Int(share * 100), isRunning: true) }
        switch end {
        case .failed: return State(status: "Job Failed", percent: 66, isDone: true)
        case .skipped: return State(status: "Job Skipped", percent: 0, isDone: true)
        case .completed where lingeringPolls > 0:
            return State(status: "Job Running", percent: 100, isRunning: true, isDone: true)
        case .completed, .stuck: return State(status: "Job Completed", percent: 100, isDone: true)
        }
    }

    /// What a poll shows: `is_running` only while it is true, the reasons of a failure only from v25.0 on.
    fileprivate func node(_ state: State, fields: String?, _ version: String) throws(GraphError) -> JSON {
        let days = (query.periods.first?.lowerBound ?? 0, query.periods.last?.upperBound ?? 0)
        var members: [(String, JSON?)] = [
            ("id", .string(String(id))), ("account_id", .string(account)), ("time_ref", .int(Int(posted))),
            ("time_completed", state.isDone && !state.isRunning ? .int(Int(completed)) : nil),
            ("async_status", .string(state.status)), ("async_percent_completion", .int(state.percent)),
            ("is_running", state.isRunning ? true : nil),
            ("date_start", .string(CivilDate.text(days.0))), ("date_stop", .string(CivilDate.text(days.1))),
        ]
        if Self.reportsFailures(version) {
            let isReported = state.isDone && end == .failed
            members += [
                ("error_code", isReported && !isNumberInText ? .int(failure.code) : nil),
                ("error_subcode", isReported && !isNumberInText ? failure.subcode.map(JSON.int) : nil),
                (
                    "error_message",
                    isReported
                        ? .string(isNumberInText ? "(#\(failure.code)) \(failure.message)" : failure.message) : nil
                ),
                ("error_user_title", isReported ? failure.userTitle.map(JSON.string) : nil),
                ("error_user_msg", isReported ? failure.userMessage.map(JSON.string) : nil),
            ]
        }
        guard let fields, !fields.isEmpty else { return .present(members) }
        let names = try RequestedField.list(fields).map(\.name)
        let others = ["emails", "friendly_name", "is_async_export", "is_bookmarked", "schedule_id"]
        for name in names where !members.contains(where: { $0.0 == name }) && !others.contains(name) {
            throw .unknownField(name, on: "AdReportRun")
        }
        return .present(members.filter { names.contains($0.0) || $0.0 == "id" })
    }

    private static func reportsFailures(_ version: String) -> Bool {
        (version.dropFirst().split(separator: ".").first.flatMap { Int($0) } ?? 0) >= 25
    }
}
