import HTTPMessages

extension GraphSimulator {
    /// One creative by its id.
    func creative(
        _ creative: SimulatedCreative,
        of account: Int,
        _ parameters: QueryParameters
    ) throws(GraphError) -> JSON {
        let selection = try Self.selection(parameters)
        try refuseBroken([creative], selection)
        return world.accounts[account].creative(creative, selection, now: time)
    }

    /// One page of an account's creatives, newest first.
    func creativesPage(of account: Int, _ parameters: QueryParameters, limit: Int) throws(GraphError) -> Page {
        let selection = try Self.selection(parameters)
        let all = world.accounts[account].creatives
        let start = try Cursor.start(parameters, in: all.map(\.id))
        let listed = Array(all.dropFirst(start).prefix(limit))
        try refuseBroken(listed, selection)
        var page = Page(
            data: listed.map { world.accounts[account].creative($0, selection, now: time) },
            before: listed.first.map { Cursor.object($0.id) },
            after: listed.last.map { Cursor.object($0.id) },
            hasNext: start + listed.count < all.count,
            hasPrevious: start > 0
        )
        if EdgeQuery.wantsTotal(parameters["summary"]) { page.summary = ["total_count": .int(all.count)] }
        return page
    }

    private static func selection(_ parameters: QueryParameters) throws(GraphError) -> CreativeSelection {
        let fields = try parameters["fields"].map { text throws(GraphError) in try RequestedField.list(text) }
        return try CreativeSelection(fields) { parameters[$0] }
    }

    /// A creative that cannot be read fails the whole answer.
    func refuseBroken(_ creatives: [SimulatedCreative], _ selection: CreativeSelection) throws(GraphError) {
        guard !brokenCreatives.isEmpty, selection.fields.contains(.objectStorySpec) else { return }
        for creative in creatives {
            if let subcode = brokenCreatives[creative.id] { throw .brokenCreative(subcode) }
        }
    }

    /// The same for a page of ads.
    func refuseBroken(_ page: Page, fields: String?) throws(GraphError) {
        guard !brokenCreatives.isEmpty, fields?.contains("object_story_spec") == true else { return }
        for row in page.data {
            guard let id = row["creative"]?["id"]?.scalarText.flatMap({ Int($0) }) else { continue }
            if let subcode = brokenCreatives[id] { throw .brokenCreative(subcode) }
        }
    }

    /// `creative` gives an ad another one. `creative_broken` makes the one with `id`, or the ad's, unreadable.
    func orderCreative(_ order: Order) throws(OrderError) -> [(String, JSON)] {
        let id = order.number("id")
        let place = id.flatMap(world.object).flatMap { $0.level == .ad ? $0 : nil }
        if order.fault == "creative", let place {
            world.changeCreative(place, at: time)
            return [("id", .string(String(world.accounts[place.account].creative(ofAd: place.index).id)))]
        }
        let ofAd = place.map { world.accounts[$0.account].creative(ofAd: $0.index).id }
        guard order.fault == "creative_broken", let broken = ofAd ?? id.flatMap({ world.creative(id: $0)?.creative.id })
        else { throw OrderError(status: 404, message: "no ad or creative has this id") }
        brokenCreatives[broken] = order.number("subcode") ?? 2_446_211
        return [("id", .string(String(broken)))]
    }
}

extension GraphError {
    static func brokenCreative(_ subcode: Int) -> GraphError {
        var error = GraphError(code: 100, message: "Invalid parameter")
        error.subcode = subcode
        error.userTitle = "Ad creative is incomplete"
        error.userMessage = "The ad creative's post cannot be read."
        return error
    }
}
