/// One thing that a client reads, and where its present call is.
final class Lane {
    let reading: any GraphReading
    /// Failures of the present call.
    var attempt = 0
    var notBefore: Double
    var isUnderWay = false
    /// The call that is under way, and the version that it was made of.
    var call: GraphCall?
    var version = ""
    /// Since when the present call waits for its turn near a limit.
    var slowedSince: Double?
    /// Set while the field that makes the call fail is being looked for.
    var search: FieldSearch?
    /// The refusal that the search is about; without a search, one that waits until another lane has finished its own.
    var refusal: GraphError?

    init(_ reading: any GraphReading, notBefore: Double) {
        self.reading = reading
        self.notBefore = notBefore
    }

    /// Whether it waits for the search of another lane.
    var isParked: Bool { refusal != nil && search == nil }

    /// The call to make now: that of the reading, or a probe of it.
    var next: GraphCall? {
        guard let call = reading.call else { return nil }
        return search.map { call.leavingOut($0.leftOut) } ?? call
    }

    func beginSearch(because error: GraphError) {
        refusal = error
        search = reading.call.map { FieldSearch($0.options.optionalFields) }
        attempt = 0
    }

    /// Takes the result of a probe.
    /// - Returns: the field that was found.
    /// - Throws: the refusal, when no field is the reason for it.
    func probed(works: Bool) throws -> String? {
        attempt = 0
        switch search?.note(works: works) {
        case .found(let name):
            (search, refusal) = (nil, nil)
            try reading.adapt(.withoutFields([name]))
            return name
        case .isNoField:
            search = nil
            if let refusal { throw refusal }
            return nil
        case .goesOn, nil:
            return nil
        }
    }
}
