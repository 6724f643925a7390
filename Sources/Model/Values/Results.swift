/// What advertising brought: a value for each metric of the catalogue. `nil` is unknown, which is not zero: Facebook refused
/// the field, sent a value that cannot be read, or was not asked.
package struct Results: Sendable, Equatable {
    private var values: [Quantity?]

    package static let unknown = Results(values: Array(repeating: nil, count: Metric.all.count))

    /// No delivery. Metrics that do not add up are unknown.
    package static let nothing: Results = {
        var nothing = unknown
        for metric in Metric.additive { nothing[metric] = metric.nothing }
        return nothing
    }()

    private init(values: [Quantity?]) {
        self.values = values
    }

    package subscript(metric: Metric) -> Quantity? {
        get { values[metric.index] }
        set { values[metric.index] = newValue }
    }

    /// Adds what another object or day had. A sum with an unknown part is unknown, and so is one that is too large. Metrics
    /// that do not add up become unknown.
    package mutating func add(_ other: Results) {
        for metric in Metric.all {
            guard metric.isAdditive, let one = self[metric], let other = other[metric] else {
                self[metric] = nil
                continue
            }
            self[metric] = one.adding(other)
        }
    }

    /// Whether there was no delivery, as far as metrics add up. What is unknown may have been something.
    package var areNothing: Bool {
        Metric.additive.allSatisfy { self[$0]?.isZero == true }
    }
}

extension Results: CustomReflectable {
    package var customMirror: Mirror {
        Mirror(self, children: Metric.all.map { (label: $0.name, value: self[$0] as Any) })
    }
}

/// One object's results over a range of days.
package struct ObjectTotals: Sendable, Equatable {
    /// The campaign, ad set or ad.
    package var objectID: String
    package var results: Results

    package init(objectID: String, results: Results) {
        self.objectID = objectID
        self.results = results
    }
}

/// What a whole ad account had on one day.
package struct DayTotals: Sendable, Equatable {
    /// In the ad account's own time zone.
    package var day: Day
    package var results: Results

    package init(day: Day, results: Results) {
        self.day = day
        self.results = results
    }

    /// A day without anything.
    package static func nothing(_ day: Day) -> DayTotals {
        DayTotals(day: day, results: .nothing)
    }

    /// A day of which nothing is known.
    package static func unknown(_ day: Day) -> DayTotals {
        DayTotals(day: day, results: .unknown)
    }

    package var hasAnything: Bool { !results.areNothing }

    /// Whether it is known that something was shown or spent.
    package var isKnownToDeliver: Bool {
        [Metric.spend, .impressions, .clicks].contains { results[$0].map { !$0.isZero } ?? false }
    }
}

/// What one ad had on one day.
package struct AdDay: Sendable, Equatable {
    /// In the ad account's own time zone.
    package var day: Day
    package var adID: String
    /// `nil` when it cannot be read; `campaignID` likewise. The ad itself has them.
    package var adSetID: String?
    package var campaignID: String?
    /// Of `Metric.ofAdDays`.
    package var results: Results
    /// All actions that Facebook returned, as JSON; `nil` for none, and for unknown ones. Only migrations and operators
    /// read them where they are stored: a metric that is declared later can be filled from them for days that no sync
    /// reads again.
    package var actions: String?
    package var actionValues: String?

    package init(
        day: Day,
        adID: String,
        adSetID: String?,
        campaignID: String?,
        results: Results,
        actions: String?,
        actionValues: String?
    ) {
        self.day = day
        self.adID = adID
        self.adSetID = adSetID
        self.campaignID = campaignID
        self.results = results
        self.actions = actions
        self.actionValues = actionValues
    }
}
