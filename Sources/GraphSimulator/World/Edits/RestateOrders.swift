/// Orders that change figures returned before.
extension GraphSimulator {
    /// `{"fault":"restate","days":28,"percent":10}`, or `"move":true`
    func restate(_ order: Order) -> [(String, JSON)] {
        var moved: [JSON] = []
        for place in world.accounts.indices
        where (order.account ?? world.accounts[place].spec.id) == world.accounts[place].spec.id {
            let today = world.accounts[place].clock.day(at: time)
            let days = min(max(order.number("days") ?? 28, 1), 1200)
            if order.flag("move") {
                for day in today - days...today - 1 { moved += move(place, day) }
            } else {
                let percent = order.number("percent") ?? 10
                world.update(place) { $0.restatements.add(today - days + 1...today, percent: percent) }
            }
        }
        return order.flag("move") ? [("moved", .array(moved))] : []
    }

    /// Makes the purchases of one ad on one day those of another.
    private func move(_ place: Int, _ day: Int) -> [JSON] {
        let account = world.accounts[place]
        let clock = DeliveryClock(account, now: time, frozen: isFrozen)
        let delivery = { (ad: Int) -> Delivery? in
            let habits = AdHabits(account.ads[ad], in: account)
            return habits.days(within: day...day) == nil ? nil : clock.delivery(habits, on: day)
        }
        var dice = Randomness(account.seed, UInt64(day))
        let start = dice.below(max(account.ads.count, 1))
        let ads = Array(account.ads.indices[start...]) + account.ads.indices[..<start]
        guard let from = ads.first(where: { delivery($0).map { $0.purchases > 0 } ?? false }),
            let conversions = delivery(from).map(Restatements.Conversions.init)
        else { return [] }
        let campaign = { (ad: Int) in account.ancestor(.campaign, of: ad, .ad) }
        let others = ads.lazy.filter { $0 != from && delivery($0) != nil }
        guard let to = others.first(where: { campaign($0) != campaign(from) }) ?? others.first else { return [] }
        world.update(place) { changed in
            changed.restatements.move(conversions, of: account.ads[from].id, to: account.ads[to].id, on: day)
        }
        return [
            [
                "date": .string(CivilDate.text(day)), "from": .string(String(account.ads[from].id)),
                "to": .string(String(account.ads[to].id)), "purchases": .int(conversions.purchases),
            ]
        ]
    }
}
