extension Field {
    /// Every field, in the order in which callers and people read of them.
    package static let all = attributes + stored.filter { !$0.isInternal } + derived + ratios + otherNames

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The field of this name; `nil` when there is none.
    package static func named(_ name: some StringProtocol) -> Field? { byName[String(name)] }

    /// The stored metrics that the field's values are made of: for a ratio two.
    package var metrics: [Metric] {
        switch source {
        case .insight, .events, .purchases, .purchaseValue, .results, .customConversions: [Metric.named(name)]
        case .resultType: [.results]
        case .sameAs(let name), .stored(let name): [Metric.named(name)]
        case .formula(let formula): [Self.metric(formula.dividend), Self.metric(formula.divisor)]
        default: []
        }
    }

    private static func metric(_ name: String) -> Metric {
        if case .stored(let name) = otherNames.first(where: { $0.name == name })?.source { return Metric.named(name) }
        return Metric.named(name)
    }

    /// Whether it is spend divided by results. Spend without results sorts as the highest cost.
    package var isCost: Bool {
        if case .formula(let formula) = source { formula.dividend == Metric.spend.name } else { false }
    }

    /// Names of the metrics that are unknown when Facebook refuses a field of its insights.
    package static func metrics(from insightField: String) -> [String] {
        let unknown = stored.filter { !$0.isInternal && $0.source.insightFields.contains(insightField) }.map(\.name)
        let made = (derived + ratios).filter { field in field.metrics.contains { unknown.contains($0.name) } }
        return unknown + made.map(\.name)
    }

    /// The names of the attributes that come from a field of Facebook's objects.
    package static func attributes(from objectField: String) -> [String] {
        attributes.filter { field in
            if case .owner(_, objectField) = field.source { true } else { field.source == .object(objectField) }
        }.map(\.name)
    }
}
