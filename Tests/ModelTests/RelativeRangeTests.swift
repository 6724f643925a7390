import Foundation
import Model
import Testing

/// Ranges that move with the calendar, beside Foundation's calendar.
@Suite struct RelativeRangeTests {
    /// Every day of five years, two of them leap years.
    private static let days = (0..<1830).map { Day(daysSince1970: 18_260 + $0) }

    private let calendar: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        return calendar
    }()

    private func date(_ day: Day) -> Date { Date(timeIntervalSince1970: Double(day.daysSince1970) * 86_400) }

    private func day(_ date: Date) -> Day { Day(daysSince1970: Int(date.timeIntervalSince1970) / 86_400) }

    private func start(_ component: Calendar.Component, of day: Day) -> Day? {
        calendar.dateInterval(of: component, for: date(day)).map { self.day($0.start) }
    }

    @Test("weeks begin on Monday, months and quarters on the first", arguments: [false, true])
    func begun(includesToday: Bool) throws {
        for today in Self.days {
            let end = includesToday ? today : today + -1
            for (range, component) in [
                (RelativeRange.thisWeek, Calendar.Component.weekOfYear), (.thisMonth, .month), (.thisQuarter, .quarter),
            ] {
                let first =
                    component == .quarter ? try firstOfQuarter(today) : try #require(start(component, of: today))
                let days = range.days(on: today, includesToday: includesToday)
                #expect(days == DayRange(since: first, until: max(first, end)), "\(range) on \(today)")
            }
        }
    }

    private func firstOfQuarter(_ today: Day) throws -> Day {
        let parts = calendar.dateComponents([.year, .month], from: date(today))
        let month = (try #require(parts.month) - 1) / 3 * 3 + 1
        let first = DateComponents(year: parts.year, month: month, day: 1)
        return day(try #require(calendar.date(from: first)))
    }

    @Test("last week and last month are whole, whatever day it is")
    func ended() throws {
        for today in Self.days {
            for (range, component) in [(RelativeRange.lastWeek, Calendar.Component.weekOfYear), (.lastMonth, .month)] {
                let end = try #require(start(component, of: today)) + -1
                let wanted = DayRange(since: try #require(start(component, of: end)), until: end)
                for includesToday in [false, true] {
                    #expect(range.days(on: today, includesToday: includesToday) == wanted, "\(range) on \(today)")
                }
            }
        }
    }

    @Test(
        "a number of days stays that number, with and without today",
        arguments: [
            (RelativeRange.last7Days, 7), (.last14Days, 14), (.last30Days, 30), (.last90Days, 90), (.yesterday, 1),
            (.today, 1),
        ]
    )
    func counted(range: RelativeRange, count: Int) throws {
        let today = try #require(Day("2024-03-01"))
        for includesToday in [false, true] {
            let days = range.days(on: today, includesToday: includesToday)
            #expect(days.days.count == count)
            let endsToday = range == .today || includesToday && range != .yesterday
            #expect(days.until == (endsToday ? today : try #require(Day("2024-02-29"))))
        }
    }

    @Test("the year before has the same dates, and as many days before end right before")
    func compared() throws {
        let range = { (since: String, until: String) in
            DayRange(since: try #require(Day(since)), until: try #require(Day(until)))
        }
        #expect(try range("2026-03-01", "2026-03-31").yearBefore == range("2025-03-01", "2025-03-31"))
        #expect(try range("2024-02-29", "2024-02-29").yearBefore == range("2023-02-28", "2023-02-28"))
        #expect(try range("2025-02-01", "2025-02-28").yearBefore == range("2024-02-01", "2024-02-28"))
        #expect(try range("2026-03-01", "2026-03-31").previous == range("2026-01-29", "2026-02-28"))
        #expect(try range("2026-03-01", "2026-03-01").previous == range("2026-02-28", "2026-02-28"))
        for day in Self.days where !"\(day)".hasSuffix("02-29") {
            let before = try #require(calendar.date(byAdding: .year, value: -1, to: date(day)))
            #expect(day.yearBefore == self.day(before))
        }
    }
}
