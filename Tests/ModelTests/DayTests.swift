import Model
import Testing

@Suite struct DayTests {
    @Test(
        "days count from 1970-01-01 by the Gregorian calendar",
        arguments: [
            ("1970-01-01", 0), ("1970-01-02", 1), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
            ("2024-02-29", 19_782), ("2024-12-31", 20_088), ("2026-11-23", 20_780), ("1900-03-01", -25_508),
            ("1900-02-28", -25_509), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
        ]
    )
    func counted(text: String, days: Int) {
        #expect(Day(text)?.daysSince1970 == days)
        #expect(Day(daysSince1970: days).description == text)
    }

    @Test(
        "an invalid day is refused",
        arguments: [
            "", "2024", "2024-03", "2024-3-12", "2024-03-1", "24-03-12", "2024-03-123", "12024-03-12", "2024/03/12",
            "20240312", "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32", "2024-04-31", "2023-02-29",
            "1900-02-29", "2100-02-29", "2024-02-30", "0000-01-01", "-024-03-12", "2024--3-12", "2024-03-12 ",
            " 2024-03-1", "2024-03-1x", "yyyy-mm-dd", "2024-03-12T00:00:00Z", "２024-03-1",
        ]
    )
    func refused(text: String) {
        #expect(Day(text) == nil)
    }

    @Test("a sign is no digit of a day", arguments: ["2024-+3-12", "2024-03-+1", "+024-03-12"])
    func signs(text: String) {
        #expect(Day(text) == nil)
    }

    @Test(
        "century years are leap years only when 400 divides them",
        arguments: [(2000, true), (1900, false), (2400, true)]
    )
    func centuries(year: Int, isLeap: Bool) {
        #expect((Day(year: year, month: 2, day: 29) != nil) == isLeap)
    }

    @Test("each day of eight centuries follows the one before it")
    func everyDay() throws {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        var expected = try #require(Day("1600-01-01")).daysSince1970
        for year in 1600..<2400 {
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                let length = lengths[month - 1] + (month == 2 && isLeap ? 1 : 0)
                for number in 1...length {
                    guard Day(year: year, month: month, day: number)?.daysSince1970 == expected else {
                        Issue.record("\(year)-\(month)-\(number) is not day \(expected)")
                        return
                    }
                    expected += 1
                }
                #expect(Day(year: year, month: month, day: length + 1) == nil)
            }
        }
    }

    @Test(
        "adding days crosses months, years and 1970 in both directions",
        arguments: [
            ("2024-02-28", 1, "2024-02-29"), ("2023-02-28", 1, "2023-03-01"), ("2024-03-01", -1, "2024-02-29"),
            ("2023-12-31", 1, "2024-01-01"), ("1970-01-05", -10, "1969-12-26"), ("2024-01-01", 0, "2024-01-01"),
            ("2024-01-01", 366, "2025-01-01"), ("2000-01-01", -36_524, "1900-01-01"),
        ]
    )
    func arithmetic(from: String, days: Int, to: String) throws {
        let start = try #require(Day(from))
        #expect((start + days).description == to)
        #expect((start + days) + -days == start)
        #expect((start < start + days) == (days > 0))
    }

    @Test("a year before 1000 is written with four digits")
    func shortYears() {
        #expect(Day(year: 33, month: 4, day: 3)?.description == "0033-04-03")
    }

    @Test("the last thirty days are thirty days, today included")
    func lastThirtyDays() throws {
        let range = DayRange.lastThirtyDays(until: try #require(Day("2024-03-12")))
        #expect(range.until.description == "2024-03-12")
        #expect(range.since.description == "2024-02-12")
        #expect(range.until.daysSince1970 - range.since.daysSince1970 + 1 == 30)
    }
}
