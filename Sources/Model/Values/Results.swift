/// What advertising brought: sums, which may be added up over days and objects. `nil` is unknown, which is not zero:
/// Facebook refused the field, or sent a value that cannot be read.
package struct Results: Sendable, Equatable {
    package var spent: Amount?
    package var impressions: Int?
    package var clicks: Int?
    /// Post engagement.
    package var engagement: Amount?
    /// Purchases, by the one action type that covers most channels (see `GraphAPI.Purchases`).
    package var conversions: Amount?
    /// What those purchases were worth, in the account's currency.
    package var conversionValue: Amount?

    package init(
        spent: Amount?,
        impressions: Int?,
        clicks: Int?,
        engagement: Amount?,
        conversions: Amount?,
        conversionValue: Amount?
    ) {
        self.spent = spent
        self.impressions = impressions
        self.clicks = clicks
        self.engagement = engagement
        self.conversions = conversions
        self.conversionValue = conversionValue
    }

    /// No delivery.
    package static let nothing = Results(
        spent: .zero,
        impressions: 0,
        clicks: 0,
        engagement: .zero,
        conversions: .zero,
        conversionValue: .zero
    )

    package static let unknown = Results(
        spent: nil,
        impressions: nil,
        clicks: nil,
        engagement: nil,
        conversions: nil,
        conversionValue: nil
    )

    /// Adds what another object or day had. A sum with an unknown part is unknown, and so is one that is too large.
    package mutating func add(_ other: Results) {
        spent = Self.sum(spent, other.spent)
        impressions = Self.sum(impressions, other.impressions)
        clicks = Self.sum(clicks, other.clicks)
        engagement = Self.sum(engagement, other.engagement)
        conversions = Self.sum(conversions, other.conversions)
        conversionValue = Self.sum(conversionValue, other.conversionValue)
    }

    private static func sum(_ one: Amount?, _ other: Amount?) -> Amount? {
        one.flatMap { one in other.flatMap { one.adding($0) } }
    }

    private static func sum(_ one: Int?, _ other: Int?) -> Int? {
        guard let one, let other else { return nil }
        let (sum, overflow) = one.addingReportingOverflow(other)
        return overflow ? nil : sum
    }
}

/// One object's results over a range of days.
package struct Metrics: Sendable, Equatable {
    /// The campaign, ad set or ad.
    package var objectID: String
    /// People, estimated; not additive over days or objects. `nil` where Facebook does not return it.
    package var reach: Int?
    /// Impressions per person reached.
    package var frequency: Amount?
    package var results: Results

    package init(objectID: String, reach: Int?, frequency: Amount?, results: Results) {
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
    /// `nil` when it cannot be read; `campaignID` likewise. The ad itself has them.
    package var adSetID: String?
    package var campaignID: String?
    package var results: Results
    /// All actions that Facebook returned, as JSON; `nil` for none, and for unknown ones.
    package var actions: String?
    package var actionValues: String?

    package init(
        day: Day,
        adID: String,
        adSetID: String?,
        campaignID: String?,
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
