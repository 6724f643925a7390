/// What Facebook's result indicators are called.
///
/// Facebook has more indicators than are listed here. Others are named by their own words.
package enum ResultIndicator {
    /// Plural words by the indicator without what stands before its colon: `actions:lead`, `conversions:lead`.
    package static let words: [(indicator: String, words: String)] = [
        ("omni_purchase", "purchases"), ("purchase", "purchases"),
        ("offsite_conversion.fb_pixel_purchase", "purchases"),
        ("onsite_conversion.purchase", "purchases"), ("app_custom_event.fb_mobile_purchase", "purchases"),
        ("lead", "leads"), ("onsite_conversion.lead_grouped", "leads"), ("leadgen_grouped", "leads"),
        ("offsite_conversion.fb_pixel_lead", "leads"), ("onsite_conversion.lead", "leads"),
        ("omni_complete_registration", "registrations"), ("complete_registration", "registrations"),
        ("offsite_conversion.fb_pixel_complete_registration", "registrations"),
        ("app_custom_event.fb_mobile_complete_registration", "registrations"),
        ("omni_app_install", "app installs"), ("mobile_app_install", "app installs"), ("app_install", "app installs"),
        ("omni_add_to_cart", "adds to cart"), ("add_to_cart", "adds to cart"),
        ("offsite_conversion.fb_pixel_add_to_cart", "adds to cart"),
        ("app_custom_event.fb_mobile_add_to_cart", "adds to cart"),
        ("omni_initiated_checkout", "checkouts started"), ("initiate_checkout", "checkouts started"),
        ("offsite_conversion.fb_pixel_initiate_checkout", "checkouts started"),
        ("omni_view_content", "content views"), ("view_content", "content views"),
        ("offsite_conversion.fb_pixel_view_content", "content views"),
        ("app_custom_event.fb_mobile_content_view", "content views"),
        ("omni_landing_page_view", "landing page views"), ("landing_page_view", "landing page views"),
        ("link_click", "link clicks"), ("inline_link_clicks", "link clicks"), ("outbound_click", "outbound clicks"),
        ("post_engagement", "post engagements"), ("page_engagement", "page engagements"), ("like", "page likes"),
        ("post_reaction", "reactions"), ("comment", "comments"), ("post", "shares"), ("rsvp", "event responses"),
        ("video_view", "3-second plays"), ("video_thruplay_watched_actions", "ThruPlays"),
        ("video_thruplay_watched", "ThruPlays"), ("thruplay", "ThruPlays"),
        ("onsite_conversion.messaging_conversation_started_7d", "conversations"),
        ("onsite_conversion.messaging_first_reply", "first replies"),
        ("onsite_conversion.total_messaging_connection", "messaging contacts"),
        ("reach", "reach"), ("impressions", "impressions"), ("estimated_ad_recallers", "ad recall lift"),
        ("profile_visit_view", "profile visits"), ("offsite_conversion.fb_pixel_search", "searches"),
        ("offsite_conversion.fb_pixel_add_payment_info", "payment infos added"),
        ("offsite_conversion.fb_pixel_add_to_wishlist", "adds to wishlist"),
        ("offsite_conversion.fb_pixel_custom", "custom events"),
        ("subscribe_total", "subscriptions"), ("start_trial_total", "trials started"),
        ("contact_total", "contacts"), ("schedule_total", "appointments"),
        ("submit_application_total", "applications submitted"), ("find_location_total", "location searches"),
        ("donate_total", "donations"), ("customize_product_total", "products customized"),
    ]

    /// Words for exactly one, where they are not the plural ones without their last letter.
    package static let irregular = [
        "adds to cart": "add to cart", "checkouts started": "checkout started", "adds to wishlist": "add to wishlist",
        "payment infos added": "payment info added", "first replies": "first reply", "reach": "reach",
        "ad recall lift": "ad recall lift", "trials started": "trial started", "searches": "search",
        "applications submitted": "application submitted", "location searches": "location search",
        "products customized": "product customized",
    ]

    /// What counts people. Somebody may be among those of several days and ads, so that these numbers have no sum.
    package static let ofPeople = ["reach", "estimated_ad_recallers"]
}
