/// All accounts at one moment, and the edits that the clock brings.
struct SimulatedWorld {
    private(set) var accounts: [SimulatedAccount]
    /// Unix seconds up to which the clock's edits have been made.
    private var advanced: Int

    /// - Parameter cdn: what the addresses of pictures begin with.
    init(_ world: World, cdn: String) {
        accounts = world.accounts.enumerated().map { SimulatedAccount($1, place: $0, world: world) }
        for place in accounts.indices { accounts[place].cdn = cdn }
        advanced = world.newest
    }

    /// Makes the edits due since the last time: in each hour three per account, at seconds fixed by the seed. An ad
    /// or ad set is paused, resumed or renamed, and its `updated_time` is the moment of the edit.
    mutating func advance(to now: Int) {
        guard now > advanced else { return }
        for place in accounts.indices {
            for hour in advanced / 3600...now / 3600 {
                var dice = Randomness(accounts[place].seed, UInt64(hour))
                for third in 0..<3 {
                    let time = hour * 3600 + third * 1200 + dice.below(1200)
                    let choice = dice.next()
                    if time > advanced, time <= now { edit(place, choice, at: time) }
                }
            }
        }
        advanced = now
    }

    private mutating func edit(_ place: Int, _ choice: UInt64, at time: Int) {
        var dice = Randomness(choice)
        let level = dice.below(10) < 7 ? Level.ad : .adset
        let count = accounts[place].objects(level).count
        guard count > 0 else { return }
        let index = dice.below(count)
        let renames = dice.below(3) == 0
        let names = Names(currency: accounts[place].spec.currency)
        let name = level == .ad ? names.ad(&dice, serial: dice.below(1000)) : names.adSet(&dice)
        change(ObjectPlace(account: place, level: level, index: index), at: time) { object in
            guard !object.status.isHidden else { return false }
            if renames {
                object.name = name
            } else {
                object.status = object.status == .active ? .paused : .active
            }
            return true
        }
    }

    /// Makes one edit, as an advertiser would.
    /// - Parameters:
    ///   - time: unix seconds, the new `updated_time`.
    ///   - edit: returns false to leave the object as it was.
    mutating func change(_ place: ObjectPlace, at time: Int, by edit: (inout SimulatedObject) -> Bool) {
        var isChanged = false
        accounts[place.account].change(place.level, place.index) { object in
            isChanged = edit(&object)
            if isChanged { object.updated = max(time, object.created) }
        }
        if isChanged { accounts[place.account].revision += 1 }
    }

    /// Changes an account in a way that no object's `updated_time` shows.
    mutating func update(_ account: Int, by change: (inout SimulatedAccount) -> Void) {
        change(&accounts[account])
        accounts[account].revision += 1
    }

    func account(id: some StringProtocol) -> Int? {
        accounts.firstIndex { $0.spec.id == id }
    }

    /// The campaign, ad set or ad of an id.
    func object(id: Int) -> ObjectPlace? {
        for place in accounts.indices {
            for level in [Level.campaign, .adset, .ad] {
                if let index = accounts[place].index(of: id, level) {
                    return ObjectPlace(account: place, level: level, index: index)
                }
            }
        }
        return nil
    }
}
