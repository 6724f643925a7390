import Model
import Store
import SyncEngine
import Testing

/// Which periods are read, and in which order.
@Suite struct PeriodPlanTests {
    private static func day(_ text: String) -> Day { Day(text) ?? Day(daysSince1970: 0) }

    private static func range(_ since: String, _ until: String) -> DayRange {
        DayRange(since: day(since), until: day(until))
    }

    @Test("periods end yesterday; on the first of a month, the new month has none")
    func periods() {
        #expect(
            PeriodPlan.periods(on: Self.day("2026-03-12")) == [
                Self.range("2026-03-05", "2026-03-11"), Self.range("2026-02-10", "2026-03-11"),
                Self.range("2026-02-26", "2026-03-11"), Self.range("2026-03-01", "2026-03-11"),
                Self.range("2026-02-01", "2026-02-28"),
            ]
        )
        #expect(
            PeriodPlan.periods(on: Self.day("2026-03-01")) == [
                Self.range("2026-02-22", "2026-02-28"), Self.range("2026-01-30", "2026-02-28"),
                Self.range("2026-02-15", "2026-02-28"), Self.range("2026-02-01", "2026-02-28"),
            ]
        )
    }

    @Test("a level that needs more pages than there are calls left is passed over")
    func pages() {
        let today = Self.day("2026-03-12")
        let memory = PeriodMemory(levels: [.ad, .campaign], calls: 58)
        let week = Self.range("2026-03-05", "2026-03-11")
        let next = { (memory: PeriodMemory, calls: Int) in
            PeriodPlan.next(memory, today: today, callsPerDay: calls) { $0 == .ad ? 3 : 1 }
        }
        let ads = next(memory, 61)
        #expect(ads?.level == .ad && ads?.days == week && ads?.callsLeft == 3)
        let campaigns = next(memory, 60)
        #expect(campaigns?.level == .campaign && campaigns?.days == week && campaigns?.callsLeft == 2)
        #expect(next(memory, 58) == nil)
        #expect(next(PeriodMemory(calls: 0), 60) == nil)
    }

    @Test("what was read is due again after a day, what failed or lacks rows after six hours, and what is new first")
    func due() {
        let today = Self.day("2026-03-12")
        var memory = PeriodMemory(levels: [.campaign])
        let next = { (memory: PeriodMemory) in
            PeriodPlan.next(memory, today: today, callsPerDay: 60) { _ in 1 }?.days
        }
        for days in PeriodPlan.periods(on: today) {
            #expect(next(memory) == days)
            memory.readings.append(PeriodMemory.Reading(level: .campaign, days: days))
        }
        #expect(next(memory) == nil)
        memory.readings[1].failureAge = 21_599
        #expect(next(memory) == nil)
        memory.readings[1].failureAge = 21_600
        #expect(next(memory) == memory.readings[1].days)
        memory.readings[1].failureAge = nil
        memory.readings[2].age = 86_399
        #expect(next(memory) == nil)
        memory.readings[2].age = 86_400
        #expect(next(memory) == memory.readings[2].days)
        memory.readings[2].age = 21_600
        memory.readings[2].lacksRows = true
        #expect(next(memory) == memory.readings[2].days)
        // A period that was never read comes first.
        let unread = memory.readings.removeLast().days
        #expect(next(memory) == unread)
    }
}
