/// Changes of conversions that were returned before: Graph attributes some late, or elsewhere.
struct Restatements: Sendable, Equatable {
    private var changes: [Change] = []
    private var moves: [AdDay: Conversions] = [:]

    private struct Change: Equatable {
        let days: ClosedRange<Int>
        /// 10 for a tenth more.
        let percent: Int
    }

    private struct AdDay: Hashable {
        let ad: Int
        let day: Int
    }

    /// Purchases and their values.
    struct Conversions: Equatable {
        var purchases = 0
        var pixelPurchases = 0
        var value = 0
        var pixelValue = 0
    }

    mutating func add(_ days: ClosedRange<Int>, percent: Int) { changes.append(Change(days: days, percent: percent)) }

    /// From now on all purchases of an ad on a day count as another ad's.
    mutating func move(_ conversions: Conversions, of ad: Int, to other: Int, on day: Int) {
        moves[AdDay(ad: ad, day: day), default: Conversions()] += conversions.negative
        moves[AdDay(ad: other, day: day), default: Conversions()] += conversions
    }

    /// Changes what an ad did on a whole day.
    func apply(to delivery: inout Delivery, _ habits: AdHabits, day: Int) {
        for (place, change) in changes.enumerated() where change.days.contains(day) {
            var dice = Randomness(habits.seed &+ UInt64(place), UInt64(day) &* 31)
            let rate = max(100 + change.percent, 0) * 100
            delivery.leads = Delivery.part(delivery.leads, rate, &dice)
            delivery.leadsOnFacebook = delivery.leads * 6 / 10
            delivery.purchases = Delivery.part(delivery.purchases, rate, &dice)
            delivery.purchaseValue = delivery.purchases == 0 ? 0 : delivery.purchaseValue * rate / 10_000
            delivery.pixelPurchases = delivery.purchases * 9 / 10
            delivery.pixelValue =
                delivery.purchases == 0 ? 0 : delivery.purchaseValue / delivery.purchases * delivery.pixelPurchases
        }
        guard !moves.isEmpty, let moved = moves[AdDay(ad: habits.id, day: day)] else { return }
        delivery.purchases += moved.purchases
        delivery.pixelPurchases += moved.pixelPurchases
        delivery.purchaseValue += moved.value
        delivery.pixelValue += moved.pixelValue
    }
}

extension Restatements.Conversions {
    init(_ delivery: Delivery) {
        purchases = delivery.purchases
        pixelPurchases = delivery.pixelPurchases
        value = delivery.purchaseValue
        pixelValue = delivery.pixelValue
    }

    fileprivate var negative: Self {
        Self(purchases: -purchases, pixelPurchases: -pixelPurchases, value: -value, pixelValue: -pixelValue)
    }

    fileprivate static func += (sum: inout Self, part: Self) {
        sum.purchases += part.purchases
        sum.pixelPurchases += part.pixelPurchases
        sum.value += part.value
        sum.pixelValue += part.pixelValue
    }
}
