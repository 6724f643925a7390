import HTTPMessages

/// Trouble on order: what goes wrong, for which requests, and how often.
struct Fault {
    let name: FaultName
    let order: Order
    /// How often it still happens; nil for ever.
    var times: Int?

    init?(_ order: Order) {
        guard let name = FaultName(rawValue: order.fault) else { return nil }
        self.name = name
        self.order = order
        times = order.number("times")
    }

    /// Rows, milliseconds, minutes …, as the name has it.
    var value: Int? { order.number("value") }

    func matches(_ call: Call, account: String?) -> Bool {
        if times == 0 { return false }
        guard order.concerns(path: call.request.path, account: account) else { return false }
        return fits(call)
    }

    /// Whether the request is one that this can go wrong with.
    private func fits(_ call: Call) -> Bool {
        switch name {
        case .reduceData: exceedsSize(call)
        case .cursorInvalid: call.parameters?["after"] != nil
        case .fieldRefused: !refusedFields(of: call).isEmpty
        case .wrongTypes: value == 3 || (call.isList && (value != 5 || call.route.usage == .insights))
        case .shortPages, .noCursor, .endlessRepeats, .endlessEmpty, .pagingMissing, .rowsLost: call.isList
        case .countMissing: call.isList && EdgeQuery.wantsTotal(call.parameters?["summary"])
        case .nextLoops: call.isList && call.parameters?["after"] != nil
        case .vanish: call.isList && call.isStart && call.route.isEdge
        case .insightsEmpty, .insightsShort: call.insightsLevel.map { order.text("level") ?? $0 == $0 } ?? false
        case .orderSlow: call.isReportPosting
        case .reportFails where order.text("field") != nil: call.isReportPosting && !refusedFields(of: call).isEmpty
        case .emptyPage: call.isList && call.parameters?["after"].map(Cursor.isAnother) == false
        default: name.kind != .report || call.isReportPosting
        }
    }

    private func exceedsSize(_ call: Call) -> Bool {
        let weight = order.flag("weight") ? value : order.number("weight")
        guard let weight else { return call.limit > (value ?? 0) }
        return max(call.fieldNames.count, 1) * call.limit > weight
    }
}

/// The faults on order, first come first served.
struct Faults {
    private var ordered: [Fault] = []

    /// What goes wrong with one call.
    struct Taken {
        /// Seconds for which the answer is held back.
        var delay = 0.0
        /// What is answered, or done to the answer.
        var answer: Fault?
        var shape = PageShape()
        /// The part of the starting listing that is returned, in per cent; nil for all.
        var share: Int?
        /// Of the rows of the page, one of so many is left out; nil for none.
        var lostRows: Int?
        /// The part of the page after which the list ends, in per cent; nil when it goes on.
        var keptRows: Int?
        /// Whether entries of the usage headers are damaged.
        var damagesUsage = false
        /// For the report that the call posts.
        var report: [Fault] = []
    }

    mutating func order(_ fault: Fault) { ordered.append(fault) }
    mutating func clear() { ordered = [] }

    /// Uses up once what applies to a call: the first fault that decides the answer, and of the others all that have
    /// something to act upon.
    mutating func take(for call: Call, account: String?) -> Taken {
        var taken = Taken()
        let matching = ordered.indices.filter { ordered[$0].matches(call, account: account) }
        if let place = matching.first(where: { ordered[$0].name.kind.isAnswer }) { taken.answer = use(place) }
        let isRegular = taken.answer?.name.kind != .refusal
        for place in matching {
            switch ordered[place].name.kind {
            case .delay: taken.delay += use(place).delay
            case .page where isRegular || ordered[place].name == .usageDamaged:
                let fault = use(place)
                if fault.name == .vanish { taken.share = fault.value ?? 50 }
                if fault.name == .insightsEmpty { taken.keptRows = 0 }
                if fault.name == .insightsShort { taken.keptRows = fault.value ?? 50 }
                if fault.name == .usageDamaged { taken.damagesUsage = true }
                if fault.name == .rowsLost { taken.lostRows = max(fault.value ?? 3, 1) }
                taken.shape.insert(PageShape(fault.name))
            case .report where isRegular: taken.report.append(use(place))
            default: break
            }
        }
        return taken
    }

    private mutating func use(_ place: Int) -> Fault {
        ordered[place].times = ordered[place].times.map { $0 - 1 }
        return ordered[place]
    }
}

extension Fault {
    /// Seconds.
    fileprivate var delay: Double { name == .hang ? Double(value ?? 600) : Double(value ?? 0) / 1000 }
}
