/// Results of one ad on one day, or a sum of such. Money in minor units.
struct Delivery: Equatable {
    var spend = 0
    var impressions = 0
    var clicks = 0
    var linkClicks = 0
    var landings = 0
    var engagement = 0
    var videoViews = 0
    var leads = 0
    /// The part of the leads that came on Facebook.
    var leadsOnFacebook = 0
    /// Of all channels; `pixelPurchases` is the part that the pixel saw.
    var purchases = 0
    var pixelPurchases = 0
    var purchaseValue = 0
    var pixelValue = 0
    var events = Events()
    var watching = Watching()
    /// Sum of the days' and ads' reach, and the largest of them.
    private var reachSum = 0
    private var reachMost = 0
    /// The same of the people who clicked.
    private var clickersSum = 0
    private var clickersMost = 0

    /// People are met again on other days and by other ads: the reach of a sum is less than the sum of reaches.
    var reach: Int { reachMost + (reachSum - reachMost) * 62 / 100 }
    /// People who clicked at least once.
    var clickers: Int { clickersMost + (clickersSum - clickersMost) * 83 / 100 }

    static func += (sum: inout Delivery, part: Delivery) {
        sum.spend += part.spend
        sum.impressions += part.impressions
        sum.clicks += part.clicks
        sum.linkClicks += part.linkClicks
        sum.landings += part.landings
        sum.engagement += part.engagement
        sum.videoViews += part.videoViews
        sum.leads += part.leads
        sum.leadsOnFacebook += part.leadsOnFacebook
        sum.purchases += part.purchases
        sum.pixelPurchases += part.pixelPurchases
        sum.purchaseValue += part.purchaseValue
        sum.pixelValue += part.pixelValue
        sum.events += part.events
        sum.watching += part.watching
        sum.reachSum += part.reachSum
        sum.reachMost = max(sum.reachMost, part.reachMost)
        sum.clickersSum += part.clickersSum
        sum.clickersMost = max(sum.clickersMost, part.clickersMost)
    }

    /// What has happened when part of the day has passed.
    /// - Parameter share: in ten-thousandths.
    func scaled(_ share: Int) -> Delivery {
        var part = self
        for path in Self.all { part[keyPath: path] = self[keyPath: path] * share / 10_000 }
        if part.purchases == 0 { part.purchaseValue = 0 }
        if part.pixelPurchases == 0 { part.pixelValue = 0 }
        return part
    }

    private static var all: [WritableKeyPath<Delivery, Int>] {
        let own: [WritableKeyPath<Delivery, Int>] = [
            \.spend, \.impressions, \.clicks, \.linkClicks, \.landings, \.engagement, \.videoViews, \.leads,
            \.leadsOnFacebook, \.purchases, \.pixelPurchases, \.purchaseValue, \.pixelValue, \.reachSum, \.reachMost,
            \.clickersSum,
            \.clickersMost,
        ]
        let events: WritableKeyPath<Delivery, Events> = \.events
        let watching: WritableKeyPath<Delivery, Watching> = \.watching
        return own + Events.all.map { events.appending(path: $0) } + Watching.all.map { watching.appending(path: $0) }
    }

    /// Thursday was day 0 of 1970; weekends are stronger.
    private static let weekdays = [96, 104, 118, 122, 92, 90, 94]

    /// A whole day.
    fileprivate init(_ habits: AdHabits, day: Int) {
        var dice = habits.dice(day)
        let weekday = Self.weekdays[((day % 7) + 7) % 7]
        spend = max(habits.dailySpend * (60 + dice.below(80)) / 100 * weekday / 100, 1)
        impressions = max(spend * 1000 / habits.costPerThousand, 1)
        clicks = min(Self.part(impressions, habits.clickRate, &dice), impressions)
        linkClicks = clicks * (60 + dice.below(30)) / 100
        landings = linkClicks * 7 / 10
        engagement = linkClicks + impressions * dice.below(40) / 1000
        let reach = max(impressions * 100 / (104 + dice.below(45)), 1)
        reachSum = reach
        reachMost = reach
        if habits.isVideo { videoViews = impressions * (5 + dice.below(25)) / 100 }
        switch habits.objective {
        case .leads:
            leads = Self.part(linkClicks, 600, &dice)
            leadsOnFacebook = leads * 6 / 10
        case .sales, .conversions:
            purchases = Self.part(linkClicks, habits.purchaseRate, &dice)
            purchaseValue = purchases * (1500 + dice.below(9000)) * habits.priceLevel / 100
            pixelPurchases = purchases * 9 / 10
            pixelValue = purchases == 0 ? 0 : purchaseValue / purchases * pixelPurchases
        case .traffic, .engagement, .awareness, .appPromotion:
            break
        }
        clickersSum = clicks * (85 + dice.below(15)) / 100
        clickersMost = clickersSum
        events = Events(of: self, habits.objective, &dice)
        if habits.isVideo { watching = Watching(views: videoViews, &dice) }
    }

    init() {}

    /// A rate in ten-thousandths of a count, rounded up or down by chance.
    static func part(_ count: Int, _ rate: Int, _ dice: inout Randomness) -> Int {
        (count * rate + dice.below(10_000)) / 10_000
    }
}

/// How one ad does in general; reckoned once for many days.
struct AdHabits {
    let seed: UInt64
    /// The ad's.
    let id: Int
    fileprivate let dailySpend: Int
    fileprivate let costPerThousand: Int
    /// Ten-thousandths of the impressions, and of the link clicks.
    fileprivate let clickRate: Int
    fileprivate let purchaseRate: Int
    /// Per cent of a dollar's prices: 150 where the minor unit is the major one.
    fileprivate let priceLevel: Int
    fileprivate let objective: Objective
    fileprivate let isVideo: Bool
    private let days: ClosedRange<Int>?

    init(_ ad: SimulatedObject, in account: SimulatedAccount) {
        seed = account.seed ^ ad.hash
        id = ad.id
        objective = account.objective(account.campaigns[account.adSets[ad.parent].parent])
        priceLevel = account.spec.minorUnits == 1 ? 150 : 100
        var dice = Randomness(seed, 1)
        let size = dice.below(1000)
        // Few ads spend much: 2 to 52 dollars a day.
        dailySpend = (200 + size * size * size / 200_000) * priceLevel / 100
        costPerThousand = (300 + dice.below(2200)) * priceLevel / 100
        clickRate = 40 + dice.below(310)
        purchaseRate = 50 + dice.below(350)
        isVideo = dice.below(5) < 2
        days = ad.firstDay <= ad.lastDay ? ad.firstDay...ad.lastDay : nil
    }

    fileprivate func dice(_ day: Int) -> Randomness { Randomness(seed, UInt64(bitPattern: Int64(day))) }

    /// The days of a range on which the ad may have delivered.
    func days(within range: ClosedRange<Int>) -> ClosedRange<Int>? {
        guard let days, days.overlaps(range) else { return nil }
        return days.clamped(to: range)
    }

    /// One day in twelve, an ad gets nothing.
    func delivers(on day: Int) -> Bool { Randomness.mixed(seed &+ UInt64(bitPattern: Int64(day)) &* 977) % 12 != 0 }
}

/// Up to when there are numbers, and what became of them since.
struct DeliveryClock {
    /// Today in the account's zone; nothing was delivered later.
    let today: Int
    /// The part of today that has passed, in ten-thousandths. Graph refreshes every 15 minutes, so this does too.
    let share: Int
    private let restatements: Restatements

    /// - Parameter frozen: today counts as over.
    init(_ account: SimulatedAccount, now: Int, frozen: Bool) {
        today = account.clock.day(at: now)
        let start = account.clock.start(of: today)
        let length = account.clock.start(of: today + 1) - start
        share = frozen ? 10_000 : min((now - start) / 900 * 900 * 10_000 / length, 10_000)
        restatements = account.restatements
    }

    func delivery(_ habits: AdHabits, on day: Int) -> Delivery? {
        guard day <= today, habits.delivers(on: day) else { return nil }
        var whole = Delivery(habits, day: day)
        restatements.apply(to: &whole, habits, day: day)
        guard day == today, share < 10_000 else { return whole }
        let part = whole.scaled(share)
        return part.impressions > 0 ? part : nil
    }

    /// Adds up the days of a period.
    func add(_ habits: AdHabits, within period: ClosedRange<Int>, to sum: inout Delivery) {
        guard let days = habits.days(within: period) else { return }
        for day in days {
            if let delivery = delivery(habits, on: day) { sum += delivery }
        }
    }

    /// Whether a period has any results, at less cost.
    func delivers(_ habits: AdHabits, within period: ClosedRange<Int>) -> Bool {
        habits.days(within: period)?.contains { day in
            day < today ? habits.delivers(on: day) : delivery(habits, on: day) != nil
        } ?? false
    }
}
