import HTTPMessages

/// What is answered when nothing was ordered to go wrong.
extension GraphSimulator {
    func regularAnswer(to call: Call, _ taken: Faults.Taken) -> HTTPResponse {
        if case .dialog = call.route { return dialog(call) }
        do {
            let body = try body(for: call, taken)
            return HTTPResponse(status: 200, body: body.text)
        } catch {
            return error.response(trace: trace)
        }
    }

    private func body(for call: Call, _ taken: Faults.Taken) throws(GraphError) -> JSON {
        guard let parameters = call.parameters else { throw .parameter("The query string is not well-formed") }
        if versions.isExpired(call.version), !versions.upgradesExpired { throw versions.refusal }
        if let refusal = versions.refusal(of: call) { throw refusal }
        if case .debugToken = call.route { return try tokenFacts(call.request, parameters) }
        if case .accessToken = call.route { return try grant(parameters) }
        try authenticate(call.request, parameters)
        switch call.request.method {
        case "GET", "HEAD": return try read(call, parameters, taken)
        case "POST":
            if case .insights(let place) = call.route { return try postReport(parameters, of: place, taken.report) }
        case "DELETE":
            if case .report(let report) = call.route {
                reports.delete(report.id)
                return ["success": true]
            }
        default: break
        }
        throw .unsupported(id(of: call.route), method: call.request.method)
    }

    private func read(_ call: Call, _ parameters: QueryParameters, _ taken: Faults.Taken) throws(GraphError) -> JSON {
        let shape = taken.shape
        let after = parameters["after"]
        var parameters = parameters
        if shape.contains(.repeating) { parameters.items.removeAll { $0.name == "after" } }
        let list = { (cap: Int, page: (Int) throws(GraphError) -> Page) throws(GraphError) -> JSON in
            let limit = try parameters.limit(cap: cap)
            var answer = try page(shape.rows(limit))
            if let lost = taken.lostRows { answer.data = answer.data.enumerated().filter { $0.0 % lost > 0 }.map(\.1) }
            if let kept = taken.keptRows { answer.end(after: answer.data.count * kept / 100) }
            shape.apply(to: &answer, after: after)
            return answer.envelope(
                url: "\(self.baseURL)\(call.request.path)",
                parameters: parameters,
                limit: limit,
                hasCursors: !shape.contains(.withoutCursors)
            )
        }
        switch call.route {
        case .missing(let id): throw .unsupported(id)
        case .unknown(let path): throw .unknownPath(path)
        case .me, .debugToken, .dialog, .accessToken: return ["id": .string(Self.userID), "name": "Simulator"]
        case .accounts:
            return try list(pageSizeCap) { limit throws(GraphError) in try accountsPage(parameters, limit) }
        case .node(let place):
            let selection = try Selection(parameters["fields"], of: place.level)
            return world.accounts[place.account].node(place.level, place.index, selection, now: time)
        case .creative(let creative, let account): return try self.creative(creative, of: account, parameters)
        case .creatives(let account):
            return try list(pageSizeCap) { limit throws(GraphError) in
                try creativesPage(of: account, parameters, limit: limit)
            }
        case .customConversions(let account):
            return try list(pageSizeCap) { limit throws(GraphError) in
                try customConversionsPage(of: account, parameters, limit: limit)
            }
        case .edge(let place, let level):
            let query = try EdgeQuery(parameters, level)
            let body = try list(pageSizeCap) { limit throws(GraphError) in
                let page = try page(query, of: place, limit: limit, call, share: taken.share)
                try refuseBroken(page, fields: parameters["fields"])
                return page
            }
            churn(call, place, level)
            return body
        case .insights(let place):
            let clock = DeliveryClock(world.accounts[place.account], now: time, frozen: isFrozen)
            let query = try InsightsQuery(parameters, node: place.level, today: clock.today, cap: insightsPageSizeCap)
            return try list(insightsPageSizeCap) { limit in table(query, of: place, clock).page(query, limit: limit) }
        case .report(let report): return try poll(report, parameters, versions.answering(call.version))
        case .reportInsights(let report):
            return try list(insightsPageSizeCap) { limit throws(GraphError) in
                try page(of: report, parameters, limit: limit)
            }
        }
    }

    private func id(of route: Route) -> String {
        switch route {
        case .node(let place), .edge(let place, _), .insights(let place):
            let account = world.accounts[place.account]
            return place.level == .account
                ? "act_\(account.spec.id)" : String(account.objects(place.level)[place.index].id)
        case .report(let report), .reportInsights(let report): return String(report.id)
        case .creatives(let account), .customConversions(let account): return "act_\(world.accounts[account].spec.id)"
        case .creative(let creative, _): return String(creative.id)
        case .missing(let id): return id
        case .me, .accounts, .debugToken, .dialog, .accessToken: return "me"
        case .unknown(let path): return path
        }
    }

    /// The accounts of the token, in the order of the world.
    private func accountsPage(_ parameters: QueryParameters, _ limit: Int) throws(GraphError) -> Page {
        let selection = try Selection(parameters["fields"], of: .account)
        let ids = world.accounts.map { Int($0.spec.id) ?? 0 }
        let start = try Cursor.start(parameters, in: ids)
        let places = Array(ids.indices.dropFirst(start).prefix(limit))
        var page = Page(
            data: places.map { world.accounts[$0].node(.account, 0, selection, now: time) },
            before: places.first.map { Cursor.object(ids[$0]) },
            after: places.last.map { Cursor.object(ids[$0]) },
            hasNext: start + places.count < ids.count,
            hasPrevious: start > 0
        )
        if EdgeQuery.wantsTotal(parameters["summary"]) { page.summary = ["total_count": .int(ids.count)] }
        return page
    }
}
