/// What `conversions` counts for an account whose owner has chosen something else than purchases.
package enum ConversionEvent: Sendable, Hashable {
    /// The metric that has the number of events.
    case metric(Metric)
    /// A custom conversion, by its id.
    case custom(String)

    /// Reads the name of a field that counts events; `nil` for every other text, `purchases` among them.
    package init?(_ name: String) {
        if let id = CustomConversion.id(inField: name) {
            self = .custom(id)
        } else if let field = Self.fields.first(where: { $0.name == name }) {
            self = .metric(Metric.named(field.name))
        } else {
            return nil
        }
    }

    package var name: String {
        switch self {
        case .metric(let metric): metric.name
        case .custom(let id): CustomConversion.prefix + id
        }
    }

    /// The word for what accounts count without a choice.
    package static let standard = "purchases"

    private static let fields = Field.stored.filter { field in
        if case .events = field.source { true } else { false }
    }
    /// All names that can be chosen, without custom conversions.
    package static let names = [standard] + fields.map(\.name)
}

extension Field {
    /// The stored metrics that the field is made of in an account that counts this event; `nil` if its values are unknown there.
    /// Facebook returns what purchases were worth, and not what other events were.
    package func metrics(counting event: ConversionEvent?) -> [Metric]? {
        guard let event else { return metrics }
        let counted: [Metric] = if case .metric(let metric) = event { [metric] } else { [] }
        switch name {
        case "conversions": return counted
        case "cost_per_conversion": return [.spend] + counted
        case "conversion_value", "roas": return nil
        default: return metrics
        }
    }
}
