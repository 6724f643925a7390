// What advertising brought.

extension Field {
    /// The numbers that Facebook reports. `Store/Mirror/MetricColumns.swift` says which tables have a column for each.
    static let stored: [Field] = [
        .metric("spend", .money, from: .insight("spend"), in: .delivery)
            .called("Spend", "Money spent.").stored(as: "spent"),
        .metric("impressions", .count, from: .insight("impressions"), in: .delivery)
            .called("Impressions", "How often ads were on screen."),
        .metric("clicks", .count, from: .insight("clicks"), in: .delivery)
            .called("Clicks", "All clicks on ads."),
        .metric("link_clicks", .count, from: .insight("inline_link_clicks"), in: .delivery)
            .called("Link clicks", "Clicks on links in ads, to places on or off Facebook."),
        .metric("reach", .count, from: .insight("reach"), in: .delivery)
            .called("Reach", "People who saw ads at least once, as Facebook estimates.").notAdditive(isReadDaily: true),
        .metric("frequency", .ratio, from: .insight("frequency"), in: .delivery)
            .called("Frequency", "Impressions for each person reached.").notAdditive(isReadDaily: false),
        .metric("engagement", .count, from: .action("post_engagement"), in: .delivery)
            .called("Engagement", "Post engagement."),
        .metric("conversions", .count, from: .purchases, in: .funnel)
            .called("Conversions", "Purchases, by the one action type that covers most channels."),
        .metric("conversion_value", .money, from: .purchaseValue, in: .funnel)
            .called("Conversion value", "What the conversions were worth."),
    ]

    /// The numbers that are made of those.
    static let ratios: [Field] = [
        .ratio("ctr", .percent, of: "clicks", times: 100, by: "impressions", in: .delivery)
            .called("CTR", "Clicks for each hundred impressions."),
        .ratio("cpc", .money, of: "spend", by: "clicks", in: .delivery)
            .called("CPC", "Spend for each click."),
        .ratio("cpm", .money, of: "spend", times: 1000, by: "impressions", in: .delivery)
            .called("CPM", "Spend for each thousand impressions."),
        .ratio("cost_per_conversion", .money, of: "spend", by: "conversions", in: .funnel)
            .called("Cost / conv.", "Spend for each conversion."),
        .ratio("roas", .ratio, of: "conversion_value", by: "spend", in: .funnel)
            .called("ROAS", "Conversion value for each unit of money spent."),
    ]

    /// Campaigns and ad sets have named their spend so in the first edition of the API.
    static let otherNames: [Field] = [.other("spent", for: stored[0], of: [.campaign, .adSet])]
}
