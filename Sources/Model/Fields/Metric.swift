/// A number or a word that Facebook reports and that syncs store. It is a key of `Results`.
package struct Metric: Sendable, Hashable, CustomStringConvertible {
    /// Its place in `all`.
    let index: Int
    package let isAdditive: Bool
    /// Whether its values are whole numbers. What comes from actions may be a fraction.
    package let isWhole: Bool
    /// Whether its values are words, such as a ranking.
    package let isText: Bool

    /// Every metric, in the catalogue's order.
    package static let all = Field.stored.indices.map(Metric.init)
    private static let byLevel = Dictionary(
        uniqueKeysWithValues: Level.allCases.map { level in (level, all.filter { $0.field.levels.contains(level) }) }
    )
    /// Those that objects of a level have.
    package static func of(_ level: Level) -> [Metric] { byLevel[level] ?? [] }
    /// Those that can be added up over days and objects. Each ad has them on each day.
    package static let additive = all.filter(\.isAdditive)
    /// Counts of people, and what is made of them. Facebook counts a person once, so they are neither those of days nor
    /// those of other objects added up.
    package static let ofPeople = all.filter { !$0.isAdditive && !$0.isText && $0.resultPart == nil }
    /// Those that each ad has on each day.
    package static let ofAdDays = all.filter { $0.isAdditive || $0.resultPart != nil }
    /// The parts of the results. They are unknown if none of them has a value, and nothing if the number is 0 and has no
    /// indicator.
    package static let resultParts = all.filter { $0.resultPart != nil }
    /// Those that the account as a whole has on each day.
    package static let ofAccountDays = all.filter(\.field.isReadDaily)

    // Those of the first edition, to which the program itself refers. A new metric needs no constant.
    package static let spend = named("spend")
    package static let impressions = named("impressions")
    package static let clicks = named("clicks")
    package static let reach = named("reach")
    package static let frequency = named("frequency")
    package static let engagement = named("engagement")
    package static let conversions = named("conversions")
    package static let conversionValue = named("conversion_value")
    package static let results = named("results")
    package static let resultIndicator = named("result_indicator")
    package static let resultMix = named("result_mix")
    package static let customConversions = named("custom_conversions")

    private init(index: Int) {
        self.index = index
        let field = Field.stored[index]
        isAdditive = field.isAdditive
        isWhole = if case .insight = field.source { field.kind == .count } else { false }
        isText = field.kind == .text
    }

    /// The metric of this name, which has to be one of the catalogue.
    package static func named(_ name: String) -> Metric {
        guard let index = Field.stored.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no metric is named \(name)")
        }
        return Metric(index: index)
    }

    package var field: Field { Field.stored[index] }
    package var source: Field.Source { Field.stored[index].source }
    /// Which part of the results it is; `nil` for every other metric.
    package var resultPart: ResultPart? {
        if case .results(let part) = source { part } else { nil }
    }
    package var name: String { Field.stored[index].name }
    /// The column that holds it in every table.
    package var column: String { Field.stored[index].column }
    package var description: String { name }

    /// What an object without a row had, because Facebook returns no row without delivery; `nil` for undefined.
    package var nothing: Quantity? {
        field.kind == .ratio || isText ? nil : isWhole ? .count(0) : .amount(.zero)
    }
}
