// Results, as Facebook counts them: each ad set by the goal that it is optimized for.

/// A part of the results of an object. Facebook names what it counts by an indicator, such as `actions:lead`. Results of
/// different indicators are never added up.
package enum ResultPart: Sendable, Equatable {
    /// The number, if all results have one indicator; 0 if there are none.
    case number
    /// The one indicator.
    case indicator
    /// The number of each indicator, if there are several: a JSON object.
    case mix
}

extension Field {
    static let resultParts: [Field] = [
        .metric("results", .count, from: .results(.number), in: .funnel)
            .called("Results", "What ad sets are optimized for; `null` for a mix of types.")
            .notAdditive(isReadDaily: false),
        .metric("result_indicator", .text, from: .results(.indicator), in: .funnel)
            .notAdditive(isReadDaily: false).hidden,
        .metric("result_mix", .text, from: .results(.mix), in: .funnel)
            .notAdditive(isReadDaily: false).hidden,
    ]

    /// The number of each custom conversion, by its id: a JSON object. Days have them in their `actions`.
    static let customConversions = Field.metric("custom_conversions", .text, from: .customConversions, in: .funnel)
        .notAdditive(isReadDaily: false).hidden

    /// Fields that are made of stored ones, without being ratios.
    static let derived: [Field] = [
        .attribute("result_type", .text, from: .resultType, in: .funnel)
            .called("Result type", "What the results are: `leads`, or `12 leads · 3 purchases`.")
    ]
}
