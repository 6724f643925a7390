/// One object's results over a range of days.
package struct Metrics: Sendable, Equatable {
    /// The campaign, ad set or ad.
    package var objectID: String
    package var spent: Money
    package var impressions: Int
    package var clicks: Int
    /// People, estimated; not additive over days or objects. `nil` where Facebook does not tell it.
    package var reach: Int?
    /// Impressions per person reached.
    package var frequency: Money?
    /// Post engagement.
    package var engagement: Money
    /// Purchases, by the one action type that covers most channels (see `GraphAPI.Purchases`).
    package var conversions: Money
    /// What those purchases were worth, in the account's currency.
    package var conversionValue: Money

    package init(
        objectID: String,
        spent: Money,
        impressions: Int,
        clicks: Int,
        reach: Int?,
        frequency: Money?,
        engagement: Money,
        conversions: Money,
        conversionValue: Money
    ) {
        self.objectID = objectID
        self.spent = spent
        self.impressions = impressions
        self.clicks = clicks
        self.reach = reach
        self.frequency = frequency
        self.engagement = engagement
        self.conversions = conversions
        self.conversionValue = conversionValue
    }
}
