// What people did, by the events that Facebook's insights list.

extension Field {
    static let clicksAndEvents: [Field] = [
        .metric("unique_clicks", .count, from: .insight("unique_clicks"), in: .performance)
            .called("Unique clicks", "People who clicked at least once, as Facebook estimates.")
            .notAdditive(isReadDaily: false),
        .event("outbound_clicks", "outbound_click", of: "outbound_clicks", in: .performance)
            .called("Outbound clicks", "Clicks on links to places off Facebook."),
        .event("landing_page_views", "omni_landing_page_view", "landing_page_view")
            .called("Landing page views", "Landing pages that loaded after a click."),
        .event("leads", "lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead")
            .called("Leads", "Contacts that people left, on Facebook or elsewhere."),
        .event(
            "complete_registrations",
            "omni_complete_registration",
            "complete_registration",
            "offsite_conversion.fb_pixel_complete_registration"
        )
        .called("Registrations", "Completed registrations."),
        .event("app_installs", "omni_app_install", "mobile_app_install")
            .called("App installs", "Installations of an app."),
        .event("messaging_conversations", "onsite_conversion.messaging_conversation_started_7d")
            .called("Conversations", "Messaging conversations that people started."),
        .event("view_content", "omni_view_content", "view_content", "offsite_conversion.fb_pixel_view_content")
            .called("Content views", "Views of a product or of other content."),
        .event("add_to_cart", "omni_add_to_cart", "add_to_cart", "offsite_conversion.fb_pixel_add_to_cart")
            .called("Adds to cart", "Additions to a shopping cart."),
        .event(
            "initiate_checkout",
            "omni_initiated_checkout",
            "initiate_checkout",
            "offsite_conversion.fb_pixel_initiate_checkout"
        )
        .called("Checkouts started", "Checkouts that people started."),
        .event("post_reactions", "post_reaction", in: .social)
            .called("Reactions", "Reactions to the post, such as likes."),
        .event("comments", "comment", in: .social).called("Comments", "Comments on the post."),
        .event("shares", "post", in: .social).called("Shares", "How often people shared the post."),
    ]

    /// How far videos played. Each length has a list of its own; 3-second plays are an action.
    static let videos: [Field] = [
        .event("video_plays", "video_view", of: "video_play_actions", in: .video)
            .called("Video plays", "How often a video began to play."),
        .event("video_3s_plays", "video_view", in: .video)
            .called("3-second plays", "How often a video played for at least three seconds."),
        .event("thruplays", "video_view", of: "video_thruplay_watched_actions", in: .video)
            .called("ThruPlays", "How often a video played to its end, or at least 15 seconds."),
        .event("video_p25", "video_view", of: "video_p25_watched_actions", in: .video)
            .called("Played to 25%", "How often a video played to a quarter of its length."),
        .event("video_p50", "video_view", of: "video_p50_watched_actions", in: .video)
            .called("Played to 50%", "How often a video played to half of its length."),
        .event("video_p75", "video_view", of: "video_p75_watched_actions", in: .video)
            .called("Played to 75%", "How often a video played to three quarters of its length."),
        .event("video_p95", "video_view", of: "video_p95_watched_actions", in: .video)
            .called("Played to 95%", "How often a video played to 95% of its length."),
        .event("video_p100", "video_view", of: "video_p100_watched_actions", in: .video)
            .called("Played to 100%", "How often a video played to its end."),
    ]

    /// A number of events.
    /// - Parameters:
    ///   - types: spellings of the event. The first that is there counts. `omni_…` covers all channels.
    ///   - list: the list of Facebook's insights that has them.
    static func event(
        _ name: String,
        _ types: String...,
        of list: String = "actions",
        in group: Group = .funnel
    ) -> Field {
        .metric(name, .count, from: .events(list: list, types: types), in: group)
    }
}
