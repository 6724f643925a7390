/// What is set on an object in place of what its hash says.
struct ObjectSettings: Sendable {
    /// Minor units.
    var budget: Int?
    var isLifetime = false
    var bid: Int?
    /// Unix seconds; an end of 0 is none.
    var start: Int?
    var end: Int?
    /// How often an ad was given another creative.
    var creative: Int?
}

/// Whether an object is still listed.
enum Presence: Sendable {
    case listed
    /// Only by its id.
    case unlisted
    /// Not at all.
    case gone
}

extension SimulatedWorld {
    /// Changes the settings of a campaign or ad set.
    /// - Returns: false when it has no such setting.
    mutating func set(_ place: ObjectPlace, at time: Int, _ change: (inout ObjectSettings) -> Bool) -> Bool {
        let account = accounts[place.account]
        guard place.level == .campaign || place.level == .adset else { return false }
        let object = account.objects(place.level)[place.index]
        var settings = account.settings[object.id] ?? ObjectSettings()
        let before = settings
        guard change(&settings) else { return false }
        if settings.budget != before.budget, !account.hasOwnBudget(place.level, object) { return false }
        if settings.bid != before.bid, place.level != .adset { return false }
        update(place.account) { $0.settings[object.id] = settings }
        self.change(place, at: time) { _ in true }
        return true
    }

    /// Takes an object and all below it out of everything but the numbers, where it counts as deleted.
    mutating func purge(_ place: ObjectPlace, at time: Int) {
        let account = accounts[place.account]
        for level in Level.allCases where level >= place.level && level != .account {
            for index in account.objects(level).indices
            where account.ancestor(place.level, of: index, level) == place.index {
                let place = ObjectPlace(account: place.account, level: level, index: index)
                hide(place, .gone)
                change(place, at: time) { object in
                    object.status = .deleted
                    return true
                }
            }
        }
    }

    /// Takes an object and all below it out of the listings, or brings them back, as they are.
    mutating func hideFamily(_ place: ObjectPlace, _ presence: Presence) {
        let account = accounts[place.account]
        for level in Level.allCases where level >= place.level && level != .account {
            for index in account.objects(level).indices
            where account.ancestor(place.level, of: index, level) == place.index {
                hide(ObjectPlace(account: place.account, level: level, index: index), presence)
            }
        }
    }

    /// - Returns: the id of the new object, which is its account's newest.
    mutating func create(_ level: Level, below parent: ObjectPlace, name: String?, status: Status, at time: Int) -> Int
    {
        var id = 0
        update(parent.account) { account in
            var dice = Randomness(account.seed, UInt64(account.objects(level).count) &+ 77)
            let names = Names(currency: account.spec.currency)
            let last = account.objects(level).last
            let created = max(time, last?.created ?? 0)
            id = Identifiers(place: parent.account).id(level, created: created, 0)
            if let last, id <= last.id { id = last.id + 30_000 }
            var object = SimulatedObject(
                id: id,
                hash: dice.next(),
                parent: level == .campaign ? -1 : parent.index,
                created: created,
                updated: created,
                status: status,
                name: name ?? names.any(level, &dice, serial: account.objects(level).count)
            )
            object.firstDay = account.clock.day(at: created)
            object.lastDay = status == .active ? .max : object.firstDay
            account.append(object, level)
        }
        return id
    }

    mutating func hide(_ place: ObjectPlace, _ presence: Presence) {
        update(place.account) { account in
            account.change(place.level, place.index) { $0.presence = presence }
        }
    }
}
