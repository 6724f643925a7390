/// What advertising brought: sums, which may be added up over days and objects.
package struct Results: Sendable, Equatable {
    package var spent: Money
    package var impressions: Int
    package var clicks: Int
    /// Post engagement.
    package var engagement: Money
    /// Purchases, by the one action type that covers most channels (see `GraphAPI.Purchases`).
    package var conversions: Money
    /// What those purchases were worth, in the account's currency.
    package var conversionValue: Money

    package init(
        spent: Money,
        impressions: Int,
        clicks: Int,
        engagement: Money,
        conversions: Money,
        conversionValue: Money
    ) {
        self.spent = spent
        self.impressions = impressions
        self.clicks = clicks
        self.engagement = engagement
        self.conversions = conversions
        self.conversionValue = conversionValue
    }

    /// Adds what another object or day had.
    package mutating func add(_ other: Results) {
        spent = spent.adding(other.spent) ?? spent
        impressions += other.impressions
        clicks += other.clicks
        engagement = engagement.adding(other.engagement) ?? engagement
        conversions = conversions.adding(other.conversions) ?? conversions
        conversionValue = conversionValue.adding(other.conversionValue) ?? conversionValue
    }
}

/// One object's results over a range of days.
package struct Metrics: Sendable, Equatable {
    /// The campaign, ad set or ad.
    package var objectID: String
    /// People, estimated; not additive over days or objects. `nil` where Facebook does not tell it.
    package var reach: Int?
    /// Impressions per person reached.
    package var frequency: Money?
    package var results: Results

    package init(objectID: String, reach: Int?, frequency: Money?, results: Results) {
        self.objectID = objectID
        self.reach = reach
        self.frequency = frequency
        self.results = results
    }
}

/// What a whole ad account had on one day.
package struct DayTotals: Sendable, Equatable {
    /// In the ad account's own time zone.
    package var day: Day
    package var reach: Int?
    package var results: Results

    package init(day: Day, reach: Int?, results: Results) {
        self.day = day
        self.reach = reach
        self.results = results
    }
}

/// What one ad had on one day.
package struct AdDay: Sendable, Equatable {
    /// In the ad account's own time zone.
    package var day: Day
    package var adID: String
    package var adSetID: String
    package var campaignID: String
    package var results: Results
    /// All actions that Facebook told, as JSON; `nil` for none.
    package var actions: String?
    package var actionValues: String?

    package init(
        day: Day,
        adID: String,
        adSetID: String,
        campaignID: String,
        results: Results,
        actions: String?,
        actionValues: String?
    ) {
        self.day = day
        self.adID = adID
        self.adSetID = adSetID
        self.campaignID = campaignID
        self.results = results
        self.actions = actions
        self.actionValues = actionValues
    }
}
