// What advertising brought.

extension Field {
    /// The numbers that Facebook reports. `Store/Mirror/MetricColumns.swift` says which tables have a column for each.
    static let stored = firstEdition + clicksAndEvents + videos + resultParts + [customConversions] + words

    /// Those of the first edition, and link clicks.
    private static let firstEdition: [Field] = [
        .metric("spend", .money, from: .insight("spend"), in: .performance)
            .called("Spend", "Money spent.").stored(as: "spent"),
        .metric("impressions", .count, from: .insight("impressions"), in: .performance)
            .called("Impressions", "How often ads were on screen."),
        .metric("clicks", .count, from: .insight("clicks"), in: .performance)
            .called("Clicks", "All clicks on ads."),
        .metric("link_clicks", .count, from: .insight("inline_link_clicks"), in: .performance)
            .called("Link clicks", "Clicks on links in ads, to places on or off Facebook."),
        .metric("reach", .count, from: .insight("reach"), in: .performance)
            .called("Reach", "People who saw ads at least once, as Facebook estimates.").notAdditive(isReadDaily: true),
        .metric("frequency", .ratio, from: .insight("frequency"), in: .performance)
            .called("Frequency", "Impressions for each person reached.").notAdditive(isReadDaily: false),
        .event("engagement", "post_engagement", in: .performance)
            .called("Engagement", "Post engagement."),
        .metric("conversions", .count, from: .purchases, in: .funnel)
            .called("Conversions", "Purchases, or the event that the account's owner chose."),
        .metric("conversion_value", .money, from: .purchaseValue, in: .funnel)
            .called("Conversion value", "What the conversions were worth, if they are purchases."),
    ]

    static let otherNames: [Field] = [
        // Campaigns and ad sets have named their spend so in the first edition of the API.
        .other("spent", for: "spend", of: [.campaign, .adSet]),
        .purchases("purchases", in: Metric.conversions.field)
            .called("Purchases", "By the one action type that covers most channels."),
        .purchases("purchase_value", in: Metric.conversionValue.field)
            .called("Purchase value", "What the purchases were worth."),
    ]
}
