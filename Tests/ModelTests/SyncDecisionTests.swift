import Model
import Testing

private let run = SyncRun.ID(rawValue: "0f8fad5b-d9cb-469f-a165-70867728950e")
private let triggers: [SyncRun.Trigger] = [.read, .cron, .manual, .cli]

private let ages: [(age: Double?, isFresh: Bool)] = [
    (0, true), (599.9, true), (600, false), (1e9, false), (nil, false),
]

private let rateLimited = Hold(reason: .rateLimited, secondsLeft: 120)
private let tokenExpired = Hold(reason: .tokenExpired, secondsLeft: .infinity)
private let retryLater = Hold(reason: .retryLater, secondsLeft: 30)

private let alive = SyncState.Unfinished(id: run, hasStarted: true, isAlive: true)
private let waiting = SyncState.Unfinished(id: run, hasStarted: false, isAlive: true)
private let dead = SyncState.Unfinished(id: run, hasStarted: true, isAlive: false)
private let neverStarted = SyncState.Unfinished(id: run, hasStarted: false, isAlive: false)

private func decide(
    _ state: SyncState,
    _ trigger: SyncRun.Trigger,
    isForced: Bool
) -> SyncDecision {
    SyncDecision.decide(state, trigger: trigger, isForced: isForced, interval: 600)
}

@Suite struct SyncDecisionTests {
    @Test("while a run is alive or waits for its process, every request returns it", arguments: [alive, waiting])
    func running(unfinished: SyncState.Unfinished) {
        for (age, _) in ages {
            for hold in [nil, rateLimited, tokenExpired, retryLater] {
                for trigger in triggers {
                    for isForced in [false, true] {
                        let state = SyncState(age: age, hold: hold, unfinished: unfinished)
                        #expect(decide(state, trigger, isForced: isForced) == .running(run))
                    }
                }
            }
        }
    }

    @Test("Facebook's holds apply to everybody, even to forced syncs", arguments: [rateLimited, tokenExpired])
    func held(hold: Hold) {
        for unfinished in [nil, dead, neverStarted] {
            for (age, _) in ages {
                for trigger in triggers {
                    for isForced in [false, true] {
                        let state = SyncState(age: age, hold: hold, unfinished: unfinished)
                        #expect(decide(state, trigger, isForced: isForced) == .held(hold))
                    }
                }
            }
        }
    }

    @Test(
        "after a failure, reads and cron wait but people do not",
        arguments: [
            (.read, true), (.cron, true), (.manual, false), (.cli, false),
        ] as [(SyncRun.Trigger, Bool)]
    )
    func retryLaterHold(trigger: SyncRun.Trigger, waits: Bool) {
        for (age, isFresh) in ages {
            for isForced in [false, true] {
                let state = SyncState(age: age, hold: retryLater)
                let otherwise: SyncDecision = isFresh && !isForced ? .fresh : .start
                #expect(decide(state, trigger, isForced: isForced) == (waits ? .held(retryLater) : otherwise))
            }
        }
    }

    @Test("fresh data needs no sync unless forced; stale and missing data does", arguments: triggers)
    func freshness(trigger: SyncRun.Trigger) {
        for (age, isFresh) in ages {
            #expect(decide(SyncState(age: age), trigger, isForced: false) == (isFresh ? .fresh : .start))
            #expect(decide(SyncState(age: age), trigger, isForced: true) == .start)
            #expect(SyncState(age: age).isFresh(interval: 600) == isFresh)
        }
    }

    @Test(
        "a run whose process is gone is replaced, and one that never got a process gets one",
        arguments: [(dead, .replace(run)), (neverStarted, .restart(run))] as [(SyncState.Unfinished, SyncDecision)]
    )
    func abandoned(unfinished: SyncState.Unfinished, decision: SyncDecision) {
        for trigger in triggers {
            for (age, isFresh) in ages {
                let state = SyncState(age: age, unfinished: unfinished)
                #expect(decide(state, trigger, isForced: false) == (isFresh ? .fresh : decision))
                #expect(decide(state, trigger, isForced: true) == decision)
            }
        }
    }
}
