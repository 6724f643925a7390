/// A member that the rows of the read routes can have.
///
/// Each field is declared once, in this folder. What syncs ask of Facebook, how they read and store it, the columns of answers,
/// their description, and the tables of the dashboard follow from the declarations.
package struct Field: Sendable, Equatable {
    /// What its values are.
    package enum Kind: String, Sendable, CaseIterable {
        /// A number of events, which may be a fraction where Facebook divides an event between ads.
        case count
        /// In the major unit of the account's currency.
        case money
        case ratio
        case percent
        case text
        /// A time or a day.
        case time
        case boolean
        /// A list of objects.
        case list
    }

    /// What callers can ask for together. A field with the name of a group belongs to it.
    package enum Group: String, Sendable, CaseIterable {
        /// What the object is.
        case object
        /// What the ad shows.
        case creative
        /// Whether it is delivered, and why not.
        case delivery
        /// What was delivered, and its cost.
        case performance
        /// How long people watched.
        case video
        /// What people did with the post.
        case social
        /// What people did after they saw or clicked an ad.
        case funnel
        /// Rankings of ads against their competitors, and the attribution setting.
        case quality
        /// The days that the metrics cover.
        case period
    }

    /// Where its values come from. Fields of Facebook are in Facebook's spelling.
    package enum Source: Sendable, Equatable {
        /// The object's own id.
        case id
        /// A field of the object. Campaigns may have another name for it.
        case object(String, ofCampaigns: String? = nil)
        /// Several facts, as this text says. A column of the object holds what follows from them.
        case facts(String)
        /// A field of the object at this level: of the object itself, or of the one that it belongs to.
        case owner(Level, String)
        /// The address of the object in Ads Manager.
        case adsManager
        /// The first of several fields of the catalogue that has a value.
        case first([String])
        /// A column of what the ad shows.
        case creative(String)
        /// The address of our copy of the ad's picture, in so many pixels.
        case picture(width: Int)
        case parentID(Level)
        case parentName(Level)
        /// A number that Facebook's insights have as a field.
        case insight(String)
        /// Entries of a list of Facebook's insights, such as `actions`, of the first of these types that is there. The types are
        /// spellings of the same event, which overlap and are never added up.
        case events(list: String, types: [String])
        /// Purchases, by the one action type that covers most channels, and what they were worth.
        case purchases
        case purchaseValue
        /// A part of the results that Facebook counts by the goal of each ad set.
        case results(ResultPart)
        /// The number of each of the account's custom conversions.
        case customConversions
        /// What the results are, in words.
        case resultType
        /// Other fields.
        case formula(Formula)
        /// Another name for a field.
        case sameAs(String)
        /// The stored metric of this name, whatever the account's conversions are.
        case stored(String)
        /// The first and the last day that the metrics cover.
        case firstDay
        case lastDay
    }

    /// `dividend × factor ÷ divisor`, by the names of fields that add up. There is no value where the divisor is 0.
    package struct Formula: Sendable, Equatable {
        package let dividend: String
        package let factor: Int
        package let divisor: String
    }

    /// Its name on the wire.
    package let name: String
    package let kind: Kind
    package let source: Source
    /// The objects that have it.
    package let levels: [Level]
    package let group: Group
    /// For the head of a column.
    package private(set) var label = ""
    /// One sentence.
    package private(set) var description = ""
    /// Whether the values of several days and objects can be added up.
    package private(set) var isAdditive = false
    /// Whether syncs also read it for each day of the account as a whole.
    package private(set) var isReadDaily = false
    /// Whether every row has a value.
    package private(set) var isAlwaysThere = false
    /// Whether it is the same on all days, although Facebook returns it with results.
    package private(set) var isSetting = false
    /// Whether it is stored, but no member of answers.
    package private(set) var isInternal = false
    /// The column of the database that holds it, where one does.
    package private(set) var column: String

    private init(_ name: String, _ kind: Kind, _ source: Source, _ levels: [Level], _ group: Group) {
        self.name = name
        self.kind = kind
        self.source = source
        self.levels = levels
        self.group = group
        column = name
    }
}

// How fields are declared.

extension Field {
    /// A property of the object.
    static func attribute(
        _ name: String,
        _ kind: Kind,
        from source: Source,
        of levels: [Level] = Level.allCases,
        in group: Group = .object
    ) -> Field {
        Field(name, kind, source, levels, group)
    }

    /// A number that Facebook reports, that syncs store, and that adds up.
    static func metric(_ name: String, _ kind: Kind, from source: Source, in group: Group) -> Field {
        var field = Field(name, kind, source, Level.allCases, group)
        field.isAdditive = true
        field.isReadDaily = true
        return field
    }

    /// A word that Facebook reports with the totals of an object.
    static func word(_ name: String, from field: String, of levels: [Level], in group: Group) -> Field {
        Field(name, .text, .insight(field), levels, group)
    }

    /// A number that is made of others. Over several days it is made of their sums.
    static func ratio(
        _ name: String,
        _ kind: Kind,
        of dividend: String,
        times factor: Int = 1,
        by divisor: String,
        in group: Group
    ) -> Field {
        let formula = Formula(dividend: dividend, factor: factor, divisor: divisor)
        return Field(name, kind, .formula(formula), Level.allCases, group)
    }

    /// Another name for a metric.
    static func other(_ name: String, for metric: String, of levels: [Level] = Level.allCases) -> Field {
        guard let field = stored.first(where: { $0.name == metric }) else {
            preconditionFailure("no metric is named \(metric)")
        }
        var other = Field(name, field.kind, .sameAs(field.name), levels, field.group)
        other.isAdditive = field.isAdditive
        other.column = field.column
        return other.called(field.label, "The same as `\(field.name)`.")
    }

    /// What a metric holds, apart from the account's choice of conversions.
    static func purchases(_ name: String, in metric: Field) -> Field {
        var field = Field(name, metric.kind, .stored(metric.name), metric.levels, metric.group)
        field.isAdditive = metric.isAdditive
        field.column = metric.column
        return field
    }

    /// - Parameters:
    ///   - label: for the head of a column.
    ///   - description: one sentence.
    func called(_ label: String, _ description: String) -> Field {
        changing {
            $0.label = label
            $0.description = description
        }
    }

    /// Every row has a value.
    var always: Field { changing { $0.isAlwaysThere = true } }

    /// It is the same on all days.
    var setting: Field { changing { $0.isSetting = true } }

    /// It does not add up.
    /// - Parameter isReadDaily: whether syncs read it for each day of the account.
    func notAdditive(isReadDaily: Bool) -> Field {
        changing {
            $0.isAdditive = false
            $0.isReadDaily = isReadDaily
        }
    }

    /// It is a part of other fields.
    var hidden: Field { changing { $0.isInternal = true } }

    func stored(as column: String) -> Field { changing { $0.column = column } }

    private func changing(_ change: (inout Field) -> Void) -> Field {
        var field = self
        change(&field)
        return field
    }
}

extension Field.Source {
    /// The fields of Facebook's insights that it is read from.
    package var insightFields: [String] {
        switch self {
        case .insight(let field): [field]
        case .events(let list, _): [list]
        case .purchases, .customConversions: ["actions"]
        // The count says which type of action it belongs to.
        case .purchaseValue: ["action_values"]
        case .results: ["results"]
        default: []
        }
    }
}
