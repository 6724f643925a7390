// What campaigns, ad sets and ads are.

extension Field {
    static let attributes: [Field] = [
        .attribute("id", .text, from: .id)
            .called("ID", "Facebook's id.").always,
        .attribute("name", .text, from: .object("name"))
            .called("Name", "The name.").always,
        .attribute("ad_set_id", .text, from: .parentID(.adSet), of: [.ad])
            .called("Ad set ID", "Facebook's id of the ad set.").always,
        .attribute("ad_set_name", .text, from: .parentName(.adSet), of: [.ad])
            .called("Ad set", "The name of the ad set."),
        .attribute("campaign_id", .text, from: .parentID(.campaign), of: [.adSet, .ad])
            .called("Campaign ID", "Facebook's id of the campaign.").always,
        .attribute("campaign_name", .text, from: .parentName(.campaign), of: [.adSet, .ad])
            .called("Campaign", "The name of the campaign."),
        .attribute("format", .text, from: .object("creative"), of: [.ad])
            .called("Format", "What the ad shows: `VIDEO`, `IMAGE`, `LINK`, or Facebook's word for another kind."),
        .attribute("status", .text, from: .object("status"))
            .called("Own status", "The status that its owner set.").always,
        .attribute("effective_status", .text, from: .object("effective_status"))
            .called("Status", "The status after review, billing and the statuses of its parents.").always,
        .attribute("objective", .text, from: .owner(.campaign, "objective"))
            .called("Objective", "What the campaign is for."),
        .attribute("optimization_goal", .text, from: .owner(.adSet, "optimization_goal"), of: [.adSet, .ad])
            .called("Optimized for", "What Facebook optimizes the delivery for."),
        .attribute("bid_strategy", .text, from: .object("bid_strategy"), of: [.campaign, .adSet])
            .called("Bid strategy", "How Facebook bids."),
        .attribute("budget", .money, from: .first(["daily_budget", "lifetime_budget"]), of: [.campaign, .adSet])
            .called("Budget", "The daily budget, or else the lifetime budget."),
        .attribute("daily_budget", .money, from: .object("daily_budget"), of: [.campaign, .adSet])
            .called("Daily budget", "The budget for a day."),
        .attribute("lifetime_budget", .money, from: .object("lifetime_budget"), of: [.campaign, .adSet])
            .called("Lifetime budget", "The budget for the whole run."),
        .attribute("starts_at", .time, from: .object("start_time"), of: [.campaign, .adSet])
            .called("Starts", "When delivery may start."),
        .attribute("ends_at", .time, from: .object("end_time", ofCampaigns: "stop_time"), of: [.campaign, .adSet])
            .called("Ends", "When delivery ends. There is no value if it goes on until somebody stops it."),
        .attribute("ads_manager_url", .text, from: .adsManager)
            .called("Ads Manager", "The address of the object in Facebook's Ads Manager.").always,
        .attribute("created_at", .time, from: .object("created_time"))
            .called("Created", "When it was created."),
        .attribute("updated_at", .time, from: .object("updated_time"))
            .called("Updated", "When it was last changed."),
        .attribute("date_start", .time, from: .firstDay, in: .period)
            .called("From", "The first day asked for, or that of Facebook's last 30 days."),
        .attribute("date_end", .time, from: .lastDay, in: .period)
            .called("To", "The last day asked for, or that of Facebook's last 30 days."),
    ]
}
