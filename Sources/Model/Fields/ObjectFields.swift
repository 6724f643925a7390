// What campaigns, ad sets and ads are, and what ads show.

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
        .attribute("delivery", .text, from: .facts(deliveryFacts), in: .delivery)
            .called("Delivery", "Whether it is delivered, or why not, in one word."),
        .attribute("issues", .list, from: .object("issues_info"), in: .delivery)
            .called("Issues", "What Facebook says is wrong with it. Soft errors do not stop the delivery."),
        .attribute("review_feedback", .list, from: .object("ad_review_feedback"), of: [.ad], in: .delivery)
            .called("Review", "Why Facebook's review refused the ad, in some placements or in all."),
        .attribute("learning", .text, from: .owner(.adSet, "learning_stage_info"), of: [.adSet, .ad], in: .delivery)
            .called("Learning", "The learning stage of the ad set: `LEARNING`, `SUCCESS`, or `FAIL` if it is limited."),
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
        .attribute(
            "budget_remaining",
            .money,
            from: .object("budget_remaining"),
            of: [.campaign, .adSet],
            in: .delivery
        )
        .called("Budget left", "What is left of its own budget, as of the last full listing."),
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
        .attribute("thumbnail", .text, from: .picture(width: 256), of: [.ad], in: .creative)
            .called("Thumbnail", "The address of a small picture of the ad, at most 256 pixels wide."),
        .attribute("image", .text, from: .picture(width: 1080), of: [.ad], in: .creative)
            .called("Picture", "The address of a picture of the ad, at most 1080 pixels wide."),
        .attribute("video_id", .text, from: .creative("video_id"), of: [.ad], in: .creative)
            .called("Video ID", "Facebook's id of the video."),
        .attribute("title", .text, from: .creative("title"), of: [.ad], in: .creative)
            .called("Title", "The title of the ad."),
        .attribute("body", .text, from: .creative("body"), of: [.ad], in: .creative)
            .called("Text", "The text of the ad."),
        .attribute("call_to_action", .text, from: .creative("call_to_action"), of: [.ad], in: .creative)
            .called("Call to action", "What the button says, as `SHOP_NOW`."),
        .attribute("link_url", .text, from: .creative("link_url"), of: [.ad], in: .creative)
            .called("Link", "Where the ad leads: an address with `http` or `https`."),
        .attribute("post_url", .text, from: .creative("post_url"), of: [.ad], in: .creative)
            .called("Post", "The address of the post on Facebook or Instagram."),
        .attribute("date_start", .time, from: .firstDay, in: .period)
            .called("From", "The first day asked for, or that of Facebook's last 30 days."),
        .attribute("date_end", .time, from: .lastDay, in: .period)
            .called("To", "The last day asked for, or that of Facebook's last 30 days."),
    ]

    private static let deliveryFacts =
        "statuses, schedule, issues, review and learning of the object, its parents and children, and its last days"
}
