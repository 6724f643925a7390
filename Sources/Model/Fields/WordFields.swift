// Words that Facebook returns with an object's results. It has no rankings of days, so answers with a range have none.

extension Field {
    static let words: [Field] = [
        .word("quality_ranking", from: "quality_ranking", of: [.ad], in: .quality)
            .called(
                "Quality",
                "How people perceive the ad, compared with its competitors. May be `UNKNOWN`."
            ),
        .word("engagement_rate_ranking", from: "engagement_rate_ranking", of: [.ad], in: .quality)
            .called("Engagement rate", "The expected engagement, compared with the ad's competitors."),
        .word("conversion_rate_ranking", from: "conversion_rate_ranking", of: [.ad], in: .quality)
            .called("Conversion rate", "The expected conversions, compared with competitors of the same goal."),
        .word("attribution_setting", from: "attribution_setting", of: [.adSet, .ad], in: .quality)
            .called("Attribution", "The time after a click or view in which conversions count, as `1d_click`.")
            .setting,
    ]
}
