/// The recipe of a simulated Facebook: the same recipe gives the same objects and the same numbers everywhere.
package struct World: Sendable {
    package var seed: UInt64
    /// Unix seconds. All objects were created and last edited by hand in the 18 months before. Later edits come from
    /// the clock (see `SimulatedWorld.advance`). An earlier clock sees objects of the future.
    package var newest: Int
    package var accounts: [AccountSpec]

    package init(seed: UInt64, newest: Int = World.demoNewest, accounts: [AccountSpec]) {
        self.seed = seed
        self.newest = newest
        self.accounts = accounts
    }

    /// 2026-11-20T00:00:00Z
    package static let demoNewest = 1_795_132_800

    /// Three accounts with 60 campaigns, 400 ad sets and 3,000 ads.
    package static let demo = World(
        seed: 20_261_120,
        accounts: [
            AccountSpec(
                id: "1569761797025413",
                name: "Northwind Outdoor – US",
                currency: "USD",
                timeZone: "America/Los_Angeles",
                campaigns: 28,
                adSets: 190,
                ads: 1500
            ),
            AccountSpec(
                id: "798085168510957",
                name: "ひかりコスメ 公式",
                currency: "JPY",
                timeZone: "Asia/Tokyo",
                campaigns: 16,
                adSets: 110,
                ads: 800
            ),
            AccountSpec(
                id: "212551616838260",
                name: "Grünwald Möbel GmbH",
                currency: "EUR",
                timeZone: "Europe/Berlin",
                campaigns: 16,
                adSets: 100,
                ads: 700
            ),
        ]
    )
}

/// One ad account of a world and how much is in it.
package struct AccountSpec: Sendable {
    /// Digits, without `act_`.
    package var id: String
    package var name: String
    /// An ISO code. Money is kept in its minor unit as Meta counts it: hundredths, but whole yen, won, forint …
    package var currency: String
    /// An IANA name: `Asia/Tokyo`.
    package var timeZone: String
    /// How many of each there are in the whole account, archived and deleted ones included. Parents are chosen
    /// unevenly, as people do; no campaign is without an ad set, no ad set without an ad, if the counts allow it.
    package var campaigns: Int
    package var adSets: Int
    package var ads: Int

    package init(
        id: String,
        name: String,
        currency: String = "USD",
        timeZone: String = "America/Los_Angeles",
        campaigns: Int,
        adSets: Int,
        ads: Int
    ) {
        self.id = id
        self.name = name
        self.currency = currency
        self.timeZone = timeZone
        self.campaigns = campaigns
        self.adSets = adSets
        self.ads = ads
    }

    /// Whether the system has this zone, without which no account can be built.
    package static func isKnownTimeZone(_ name: String) -> Bool { ZoneFile(name: name) != nil }

    /// Minor units in one major unit, by Meta's list of currencies, which is not ISO's.
    var minorUnits: Int {
        ["CLP", "COP", "CRC", "HUF", "ISK", "IDR", "JPY", "KRW", "PYG", "TWD", "VND"].contains(currency) ? 1 : 100
    }
}
