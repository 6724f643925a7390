import HTTPMessages

/// What happens to listings of campaigns, ad sets and ads while they are read page by page.
struct Listings {
    private var churns: [Churn] = []
    /// The lowest place that is still listed, by path.
    private var floors: [String: Int] = [:]

    /// Objects that come, go and change between pages.
    private struct Churn {
        let order: Order
        var pages = 0
        var turns = 0
    }

    enum Turn {
        case create
        case purge
        case rename
    }

    mutating func addChurn(_ order: Order) { churns.append(Churn(order: order)) }

    /// Counts a page that was answered.
    /// - Returns: what happens before the next one, and a number that differs each time.
    mutating func turns(path: String, account: String) -> [(Turn, serial: Int)] {
        var turns: [(Turn, Int)] = []
        for place in churns.indices where churns[place].order.concerns(path: path, account: account) {
            churns[place].pages += 1
            guard churns[place].pages % max(churns[place].order.number("every") ?? 2, 1) == 0 else { continue }
            turns.append(([.create, .purge, .rename][churns[place].turns % 3], churns[place].turns))
            churns[place].turns += 1
        }
        return turns
    }

    /// The lowest place of a listing; 0 for all of it.
    subscript(floorOf path: String) -> Int {
        get { floors[path] ?? 0 }
        set { floors[path] = newValue == 0 ? nil : newValue }
    }
}

extension GraphSimulator {
    /// One page of an edge.
    /// - Parameter share: the part of the listing, in per cent, after which it ends; only said where it starts.
    func page(
        _ query: EdgeQuery,
        of parent: ObjectPlace,
        limit: Int,
        _ call: Call,
        share: Int?
    ) throws(GraphError) -> Page {
        let account = world.accounts[parent.account]
        if call.isStart {
            let listed = share == nil ? [] : account.listed(query, of: parent)
            let kept = (listed.count * (share ?? 100) + 99) / 100
            listings[floorOf: call.request.path] = kept < listed.count ? kept == 0 ? .max : listed[kept - 1] : 0
        }
        let floor = listings[floorOf: call.request.path]
        var page = try account.page(query, of: parent, limit: limit, floor: floor, now: time)
        if query.wantsTotal {
            let key = "\(account.revision) \(parent) \(query.identity)"
            let total = totals.count(key) { account.listed(query, of: parent).count }
            page.summary = [
                "total_count": .int(floor == 0 ? total : account.listed(query, of: parent, floor: floor).count)
            ]
        }
        return page
    }

    /// Lets happen what was ordered to happen between pages.
    func churn(_ call: Call, _ parent: ObjectPlace, _ level: Level) {
        let account = world.accounts[parent.account]
        for (turn, serial) in listings.turns(path: call.request.path, account: account.spec.id) {
            var dice = Randomness(account.seed, UInt64(serial))
            let candidates = { (level: Level) in
                account.objects(level).indices.filter { index in
                    level == .account || !account.effectiveStatus(level, index).isHidden
                }
            }
            if turn == .create {
                let above = Level(rawValue: level.rawValue - 1) ?? .account
                let parents = above == .account ? [0] : candidates(above)
                guard !parents.isEmpty else { continue }
                let place = ObjectPlace(account: parent.account, level: above, index: dice.pick(parents))
                _ = world.create(level, below: place, name: nil, status: .active, at: time)
                continue
            }
            let all = candidates(level)
            guard !all.isEmpty else { continue }
            let place = ObjectPlace(account: parent.account, level: level, index: dice.pick(all))
            if turn == .purge {
                world.purge(place, at: time)
            } else {
                world.change(place, at: time) { object in
                    object.name += " (\(serial))"
                    return true
                }
            }
        }
    }
}

/// Counts that were made last, by what was counted.
struct Totals {
    private var known: [String: Int] = [:]

    mutating func count(_ key: String, _ make: () -> Int) -> Int {
        if let count = known[key] { return count }
        if known.count == 64 { known = [:] }
        let count = make()
        known[key] = count
        return count
    }
}
