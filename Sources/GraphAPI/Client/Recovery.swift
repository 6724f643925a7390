// What a client does after a call has failed. `Retry` decides; a search finds a refused field that Facebook does not name.

extension GraphClient {
    func recover(_ lane: Lane, from error: GraphError) throws {
        if case .rateLimited(let quota, let seconds) = error.kind {
            usage.hold(quota, until: clock.now() + seconds, now: clock.now())
            // A refusal in the name of a quota that this call does not count against would not stop it being made again.
            if let kind = lane.call?.kind, !Quota.counting(kind).contains(quota) {
                usage.hold(.account, until: clock.now() + seconds, now: clock.now())
            }
            throw error
        }
        let options = lane.call?.options ?? Retry.Options()
        let decision = Retry.decide(error, attempt: lane.attempt, options, jitter: Double.random(in: 0..<1))
        lane.notBefore = clock.now()
        if lane.search != nil, error.isRefusal, !decision.leavesFieldsOut { return try probed(lane, works: false) }
        switch decision {
        case .again(let seconds) where isPatient:
            report(.retrying(error, afterSeconds: seconds))
            lane.notBefore = clock.now() + seconds
        case .adapted(let adaptation):
            report(.adapted(lane.call?.path ?? "", adaptation, error))
            // An unknown error stays one, however small the page: its attempts go on counting.
            if error.kind != .transient { lane.attempt = 0 }
            (lane.search, lane.refusal) = (nil, nil)
            do {
                try lane.reading.adapt(adaptation)
            } catch let error as GraphError {
                return try giveUp(lane, error)
            }
            try resumeParked()
        case .searchField where isPatient:
            searchField(lane, because: error)
        case .version(let named):
            try changeVersion(lane, named, error)
        case .again, .giveUp, .searchField:
            try giveUp(lane, error)
        }
    }

    private func changeVersion(_ lane: Lane, _ named: String?, _ error: GraphError) throws {
        let before = versions.current
        let goesOn = versions.refuse(lane.version, naming: named)
        if before == lane.version, let refused = APIVersion(before) { learned(.refused(refused)) }
        guard goesOn else { return try giveUp(lane, error) }
        if before != versions.current {
            warn("Facebook no longer serves \(before); AdMirror now calls \(versions.current)")
        }
        lane.attempt = 0
    }

    /// If the reading can do without this call, it continues with the next one or ends. Other readings are not
    /// affected.
    private func giveUp(_ lane: Lane, _ error: GraphError) throws {
        try lane.reading.giveUp(error)
        (lane.search, lane.refusal) = (nil, nil)
        lane.attempt = 0
        lane.notBefore = clock.now() + (lane.reading.call?.delay ?? 0)
        try resumeParked()
    }

    // MARK: Refused fields

    /// Looks for the field that makes a lane's call fail. One lane at a time: a refusal that is about the account, and not about
    /// a field, is not met once more for each of them.
    private func searchField(_ lane: Lane, because error: GraphError) {
        if lanes.contains(where: { $0.search != nil }) {
            lane.refusal = error
        } else {
            lane.beginSearch(because: error)
        }
    }

    func probed(_ lane: Lane, works: Bool) throws {
        let refusal = lane.refusal
        do {
            if let name = try lane.probed(works: works), let refusal {
                report(.adapted(lane.call?.path ?? "", .withoutFields([name]), refusal))
            }
        } catch let error as GraphError {
            return try giveUp(lane, error)
        }
        try resumeParked()
    }

    /// Lanes that waited for the search of another one go on when it has ended.
    private func resumeParked() throws {
        guard !lanes.contains(where: { $0.search != nil }) else { return }
        for other in lanes where other.isParked {
            guard let refusal = other.refusal else { continue }
            other.refusal = nil
            try recover(other, from: refusal)
        }
    }
}
