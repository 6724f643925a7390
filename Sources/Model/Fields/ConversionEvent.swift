/// What `conversions` counts for an account whose owner has chosen something else than purchases.
package struct ConversionEvent: Sendable, Hashable {
    /// The metric that has the number of events.
    package let metric: Metric

    /// Reads the name of a field that counts events; `nil` for every other text, `purchases` among them.
    package init?(_ name: String) {
        guard let field = Self.fields.first(where: { $0.name == name }) else { return nil }
        metric = Metric.named(field.name)
    }

    package var name: String { metric.name }

    /// The word for what accounts count without a choice.
    package static let standard = "purchases"

    private static let fields = Field.stored.filter { field in
        if case .events = field.source { true } else { false }
    }
    /// All names that can be chosen.
    package static let names = [standard] + fields.map(\.name)
}

extension Field {
    /// The stored metrics that the field is made of in an account that counts this event; `nil` if its values are unknown there.
    /// Facebook returns what purchases were worth, and not what other events were.
    package func metrics(counting event: ConversionEvent?) -> [Metric]? {
        guard let event else { return metrics }
        switch name {
        case "conversions": return [event.metric]
        case "cost_per_conversion": return [.spend, event.metric]
        case "conversion_value", "roas": return nil
        default: return metrics
        }
    }
}
