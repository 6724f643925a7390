// Numbers that are made of others.

extension Field {
    /// All ratios, costs and rates.
    static let ratios: [Field] = [
        .ratio("ctr", .percent, of: "clicks", times: 100, by: "impressions", in: .performance)
            .called("CTR", "Clicks for each hundred impressions."),
        .ratio("cpc", .money, of: "spend", by: "clicks", in: .performance)
            .called("CPC", "Spend for each click."),
        .ratio("cpm", .money, of: "spend", times: 1000, by: "impressions", in: .performance)
            .called("CPM", "Spend for each thousand impressions."),
        .ratio("cost_per_conversion", .money, of: "spend", by: "conversions", in: .funnel)
            .called("Cost / conv.", "Spend for each conversion."),
        .ratio("roas", .ratio, of: "conversion_value", by: "spend", in: .funnel)
            .called("ROAS", "Conversion value for each unit of money spent."),
        .ratio("cost_per_result", .money, of: "spend", by: "results", in: .funnel)
            .called("Cost / result", "Spend for each result; `null` for a mix of types."),
        .ratio("cost_per_purchase", .money, of: "spend", by: "purchases", in: .funnel)
            .called("Cost / purchase", "Spend for each purchase."),
        .ratio("cost_per_lead", .money, of: "spend", by: "leads", in: .funnel)
            .called("Cost / lead", "Spend for each lead."),
        .ratio("link_ctr", .percent, of: "link_clicks", times: 100, by: "impressions", in: .performance)
            .called("Link CTR", "Link clicks for each hundred impressions."),
        .ratio("cost_per_link_click", .money, of: "spend", by: "link_clicks", in: .performance)
            .called("Cost / link click", "Spend for each link click."),
        .ratio("hook_rate", .percent, of: "video_3s_plays", times: 100, by: "impressions", in: .video)
            .called("Hook rate", "3-second plays for each hundred impressions."),
        .ratio("hold_rate", .percent, of: "thruplays", times: 100, by: "video_3s_plays", in: .video)
            .called("Hold rate", "ThruPlays for each hundred 3-second plays."),
    ]
}
