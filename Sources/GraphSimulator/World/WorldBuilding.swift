extension SimulatedAccount {
    /// Builds all objects of an account.
    /// - Parameter place: the place in the world, which keeps the ids of different accounts apart.
    init(_ spec: AccountSpec, place: Int, world: World) {
        self.spec = spec
        clock = AccountClock(zone: spec.timeZone)
        seed = Randomness.mixed(world.seed &+ UInt64(place) &* 7919)
        created = world.newest - 1200 * 86_400 - Int(seed % 10_000_000)
        let names = Names(currency: spec.currency)
        let ids = Identifiers(place: place)

        campaigns = birth(.campaign, count: spec.campaigns, newest: world.newest, ids) { dice, parent, _ in
            names.campaign(&dice)
        }
        adSets = birth(.adset, count: campaigns.isEmpty ? 0 : spec.adSets, newest: world.newest, ids) { dice, _, _ in
            names.adSet(&dice)
        }
        ads = birth(.ad, count: adSets.isEmpty ? 0 : spec.ads, newest: world.newest, ids) { dice, _, serial in
            names.ad(&dice, serial: serial)
        }
        setDeliveryDays()
        countActiveAds()
    }

    /// The objects of one level, below the parents built before.
    private func birth(
        _ level: Level,
        count: Int,
        newest: Int,
        _ ids: Identifiers,
        name: (inout Randomness, Int, Int) -> String
    ) -> [SimulatedObject] {
        let parents = level == .adset ? campaigns : adSets
        var births: [(created: Int, parent: Int, dice: Randomness)] = []
        births.reserveCapacity(count)
        for serial in 0..<count {
            var dice = Randomness(seed &+ UInt64(level.rawValue), UInt64(serial))
            if level == .campaign {
                births.append((newest - 3600 - dice.below(540 * 86_400), -1, dice))
            } else {
                let uneven = min(dice.below(parents.count), dice.below(parents.count))
                let parent = serial < parents.count ? serial : uneven
                let span = newest - 600 - parents[parent].created
                let early = dice.below(1000) * dice.below(1000)
                births.append((parents[parent].created + 60 + span * early / 1_200_000, parent, dice))
            }
        }
        births.sort { ($0.created, $0.dice.state) < ($1.created, $1.dice.state) }

        var objects: [SimulatedObject] = []
        objects.reserveCapacity(count)
        var sameSecond = 0
        for (serial, birth) in births.enumerated() {
            var dice = birth.dice
            sameSecond = objects.last?.created == birth.created ? sameSecond + 1 : 0
            // Each level of an account that is not tiny has an archived and a deleted object.
            let rolled = Self.status(level, &dice)
            let status: Status =
                count < 6 ? rolled : serial == count - 2 ? .archived : serial == count - 4 ? .deleted : rolled
            let root = Double(dice.below(10_000)) / 10_000
            let edited = Int(root.squareRoot() * Double(newest - birth.created))
            objects.append(
                SimulatedObject(
                    id: ids.id(level, created: birth.created, sameSecond),
                    hash: dice.next(),
                    parent: birth.parent,
                    created: birth.created,
                    updated: birth.created + (dice.below(4) == 0 && status == .active ? 0 : edited),
                    status: status,
                    name: name(&dice, birth.parent, serial)
                )
            )
        }
        return objects
    }

    private static func status(_ level: Level, _ dice: inout Randomness) -> Status {
        let roll = dice.below(100)
        let (active, paused, archived) =
            level == .campaign ? (64, 88, 95) : level == .adset ? (75, 93, 97) : (74, 94, 98)
        return roll < active ? .active : roll < paused ? .paused : roll < archived ? .archived : .deleted
    }

    /// An ad delivers from its creation until it, its ad set or its campaign was stopped, as far as the world was
    /// built; later edits do not move its days, so that the numbers of a day stay what they are.
    private mutating func setDeliveryDays() {
        let campaignEnds = campaigns.map(lastDay)
        let adSetEnds = adSets.map { min(lastDay($0), campaignEnds[$0.parent]) }
        for index in ads.indices {
            ads[index].firstDay = clock.day(at: ads[index].created)
            ads[index].lastDay = min(lastDay(ads[index]), adSetEnds[ads[index].parent])
        }
    }

    private func lastDay(_ object: SimulatedObject) -> Int {
        object.status == .active ? .max : clock.day(at: object.updated)
    }
}

/// Makes ids like `120208325579370399`: a prefix, the time of creation, a count within the second, and four digits of
/// the account.
struct Identifiers {
    private let prefix: Int
    private let suffix: Int

    init(place: Int) {
        // Older accounts have ids of 17 digits; these too are above 2^53.
        prefix = place % 3 == 2 ? 23_850_000_000_000_000 : 120_200_000_000_000_000
        suffix = (place * 1373 + 399) % 10_000
    }

    func id(_ level: Level, created: Int, _ sameSecond: Int) -> Int {
        let second = created - 1_500_000_000
        return prefix + second * 10_000_000 + (sameSecond * 3 + level.rawValue) % 1000 * 10_000 + suffix
    }
}
