import Foundation

/// The results of a row of insights as Facebook documents them, by the columns that hold them.
enum FacebookResults {
    /// The fields to ask for.
    static let fields =
        "spend,impressions,clicks,inline_link_clicks,actions,action_values,outbound_clicks,video_play_actions,"
        + "video_thruplay_watched_actions,video_p25_watched_actions,video_p50_watched_actions,"
        + "video_p75_watched_actions,video_p95_watched_actions,video_p100_watched_actions"

    static let columns = sources.map(\.column)
    /// Those that come from `actions`, and that no release before them stored.
    static let derived = Set(sources.filter { $0.list == "actions" }.map(\.column)).subtracting([
        "conversions", "engagement",
    ])

    /// The texts of a row in the order of the columns. What Facebook leaves out is 0.
    static func texts(_ row: [String: Any]) -> [String] {
        sources.map { source in
            guard let type = source.type else { return row[source.list] as? String ?? "0" }
            let entries = row[source.list] as? [[String: Any]] ?? []
            return entries.first { $0["action_type"] as? String == type }?["value"] as? String ?? "0"
        }
    }

    /// The columns of `results` and their texts: number, indicator and mix, each `?` if it has no value. An indicator without
    /// values is zero.
    static let columnsByGoal = ["results", "result_indicator", "result_mix"]
    static func textsByGoal(_ row: [String: Any]) -> [String] {
        let entries = row["results"] as? [[String: Any]] ?? []
        let numbers = entries.map { entry in
            let values = entry["values"] as? [[String: Any]]
            return (entry["indicator"] as? String ?? "?", values?.first?["value"] as? String ?? "0")
        }
        guard numbers.count != 1 else { return [numbers[0].1, numbers[0].0, "?"] }
        // PostgreSQL writes short names first.
        let mix = numbers.sorted { ($0.0.utf8.count, $0.0) < ($1.0.utf8.count, $1.0) }
            .map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ")
        return ["?", "?", numbers.isEmpty ? "?" : "{\(mix)}"]
    }

    /// The simulator's shops have each event under its widest type.
    private static let sources: [(column: String, list: String, type: String?)] = [
        ("spent", "spend", nil), ("impressions", "impressions", nil), ("clicks", "clicks", nil),
        ("conversions", "actions", "omni_purchase"), ("conversion_value", "action_values", "omni_purchase"),
        ("engagement", "actions", "post_engagement"), ("link_clicks", "inline_link_clicks", nil),
        ("leads", "actions", "lead"), ("complete_registrations", "actions", "omni_complete_registration"),
        ("app_installs", "actions", "omni_app_install"),
        ("messaging_conversations", "actions", "onsite_conversion.messaging_conversation_started_7d"),
        ("view_content", "actions", "omni_view_content"), ("add_to_cart", "actions", "omni_add_to_cart"),
        ("initiate_checkout", "actions", "omni_initiated_checkout"),
        ("outbound_clicks", "outbound_clicks", "outbound_click"),
        ("landing_page_views", "actions", "landing_page_view"), ("video_plays", "video_play_actions", "video_view"),
        ("video_3s_plays", "actions", "video_view"), ("thruplays", "video_thruplay_watched_actions", "video_view"),
        ("video_p25", "video_p25_watched_actions", "video_view"),
        ("video_p50", "video_p50_watched_actions", "video_view"),
        ("video_p75", "video_p75_watched_actions", "video_view"),
        ("video_p95", "video_p95_watched_actions", "video_view"),
        ("video_p100", "video_p100_watched_actions", "video_view"),
        ("post_reactions", "actions", "post_reaction"), ("comments", "actions", "comment"),
        ("shares", "actions", "post"),
    ]
}
