/// What people did on one day after they saw an ad, besides what `Delivery` has; or a sum of such.
struct Events: Equatable {
    var outboundClicks = 0
    /// `pixelViews` is the part that the pixel saw.
    var contentViews = 0
    var pixelViews = 0
    var cartAdditions = 0
    var checkouts = 0
    var registrations = 0
    var appInstalls = 0
    var conversations = 0
    var reactions = 0
    var comments = 0
    var shares = 0

    static func += (sum: inout Events, part: Events) {
        sum.outboundClicks += part.outboundClicks
        sum.contentViews += part.contentViews
        sum.pixelViews += part.pixelViews
        sum.cartAdditions += part.cartAdditions
        sum.checkouts += part.checkouts
        sum.registrations += part.registrations
        sum.appInstalls += part.appInstalls
        sum.conversations += part.conversations
        sum.reactions += part.reactions
        sum.comments += part.comments
        sum.shares += part.shares
    }

    static var all: [WritableKeyPath<Events, Int>] {
        [
            \.outboundClicks, \.contentViews, \.pixelViews, \.cartAdditions, \.checkouts, \.registrations,
            \.appInstalls,
            \.conversations, \.reactions, \.comments, \.shares,
        ]
    }

    init() {}

    /// Of a whole day.
    init(of delivery: Delivery, _ objective: Objective, _ dice: inout Randomness) {
        outboundClicks = delivery.linkClicks * (70 + dice.below(30)) / 100
        reactions = delivery.engagement * (2 + dice.below(10)) / 100
        comments = Delivery.part(delivery.engagement, 60 + dice.below(100), &dice)
        shares = Delivery.part(delivery.engagement, 30 + dice.below(60), &dice)
        switch objective {
        case .sales, .conversions:
            contentViews = delivery.landings * (80 + dice.below(60)) / 100
            pixelViews = contentViews * 8 / 10
            cartAdditions = contentViews * (10 + dice.below(20)) / 100
            checkouts = max(cartAdditions * (30 + dice.below(30)) / 100, delivery.purchases)
        case .leads: registrations = Delivery.part(delivery.landings, 300, &dice)
        case .appPromotion: appInstalls = Delivery.part(delivery.linkClicks, 1500, &dice)
        case .engagement: conversations = Delivery.part(delivery.linkClicks, 700, &dice)
        case .traffic, .awareness: break
        }
    }
}

/// How long people watched a video on one day, or a sum of such. Facebook counts 3-second plays as an action.
struct Watching: Equatable {
    var plays = 0
    var thruplays = 0
    /// To 25, 50, 75, 95 and 100 % of its length.
    var quarter = 0
    var half = 0
    var threeQuarters = 0
    var nearlyAll = 0
    var all = 0

    static func += (sum: inout Watching, part: Watching) {
        sum.plays += part.plays
        sum.thruplays += part.thruplays
        sum.quarter += part.quarter
        sum.half += part.half
        sum.threeQuarters += part.threeQuarters
        sum.nearlyAll += part.nearlyAll
        sum.all += part.all
    }

    static var all: [WritableKeyPath<Watching, Int>] {
        [\.plays, \.thruplays, \.quarter, \.half, \.threeQuarters, \.nearlyAll, \.all]
    }

    init() {}

    /// Of a whole day of a video.
    /// - Parameter views: 3-second plays.
    init(views: Int, _ dice: inout Randomness) {
        plays = views * (130 + dice.below(120)) / 100
        quarter = views * (60 + dice.below(30)) / 100
        half = quarter * (55 + dice.below(30)) / 100
        threeQuarters = half * (60 + dice.below(30)) / 100
        nearlyAll = threeQuarters * (70 + dice.below(20)) / 100
        all = nearlyAll * (80 + dice.below(20)) / 100
        thruplays = (half + all) / 2
    }
}
