import Model
import Testing

@Suite struct TimestampTests {
    @Test(
        "Graph's times and their variants are read, and written in UTC",
        arguments: [
            ("2024-03-12T15:02:47-0700", "2024-03-12T22:02:47Z"),
            ("2024-03-10T01:59:59-0800", "2024-03-10T09:59:59Z"),
            ("2024-03-10T03:00:00-0700", "2024-03-10T10:00:00Z"),
            ("2024-11-03T01:30:00-0700", "2024-11-03T08:30:00Z"),
            ("2024-11-03T01:30:00-0800", "2024-11-03T09:30:00Z"),
            ("2024-03-12T15:02:47+0000", "2024-03-12T15:02:47Z"),
            ("2024-03-12T15:02:47-0000", "2024-03-12T15:02:47Z"),
            ("2024-01-01T08:59:59+0900", "2023-12-31T23:59:59Z"),
            ("2024-02-28T20:00:00-0500", "2024-02-29T01:00:00Z"),
            ("2024-03-12T05:32:47+0530", "2024-03-12T00:02:47Z"),
            ("2024-03-12T05:47:47+0545", "2024-03-12T00:02:47Z"),
            ("2024-03-12T05:32:47+05:30", "2024-03-12T00:02:47Z"),
            ("2024-03-12T15:02:47-07:00", "2024-03-12T22:02:47Z"),
            ("2023-01-01t00:00:00 0000", "2023-01-01T00:00:00Z"),
            ("2023-01-01T00:00:00 0100", "2022-12-31T23:00:00Z"),
            ("2024-03-12T15:02:47Z", "2024-03-12T15:02:47Z"),
            ("2024-03-12t15:02:47z", "2024-03-12T15:02:47Z"),
            ("2024-03-12T15:02:47.000Z", "2024-03-12T15:02:47Z"),
            ("2024-03-12T15:02:47.999999999-07:00", "2024-03-12T22:02:47Z"),
            ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
            ("1901-12-13T20:45:52Z", "1901-12-13T20:45:52Z"),
            ("1970-01-01T00:00:00+0100", "1969-12-31T23:00:00Z"),
            ("2038-01-19T03:14:08Z", "2038-01-19T03:14:08Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("0001-01-01T00:00:00-0100", "0001-01-01T01:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("9999-12-31T23:59:59+0100", "9999-12-31T22:59:59Z"),
        ]
    )
    func read(text: String, shown: String) {
        #expect(Timestamp(text)?.description == shown)
    }

    @Test(
        "seconds count from 1970",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2024-03-12T15:02:47-0700", 1_710_280_967), ("1969-12-31T23:59:59Z", -1),
            ("2038-01-19T03:14:08Z", 2_147_483_648), ("1969-12-31T00:00:00Z", -86_400),
        ]
    )
    func seconds(text: String, seconds: Int) {
        #expect(Timestamp(text)?.seconds == seconds)
        #expect(Timestamp(seconds: seconds) == Timestamp(text))
    }

    @Test(
        "an invalid timestamp is refused",
        arguments: [
            "", "2024-03-12", "2024-03-12T15:02:47", "2024-03-12T15:02", "2024-03-12T15:02:47-",
            "2024-03-12T15:02:47+7",
            "2024-03-12T15:02:47-070", "2024-03-12T15:02:47-07:0", "2024-02-30T15:02:47Z", "2024-13-12T15:02:47Z",
            "2024-03-12T24:00:00Z", "2024-03-12T15:60:00Z", "2024-03-12T15:02:61Z", "2024-03-12T15:02:xxZ",
            "tomorrow at noon, please", "1710280967", "2024-03-12T15:02:47X0700", "-024-03-12T15:02:47Z", "0", "🚀",
            "2024-03-12T15:02:47-ab00",
            // In UTC these are in the years 0 and 10000.
            "0001-01-01T00:00:00+0100", "9999-12-31T23:59:59-0100", "9999-12-31T23:59:60Z", "0000-12-31T23:59:59Z",
        ]
    )
    func refused(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        "separators must be exact, and nothing may follow",
        arguments: [
            "2024x03x12x15x02x47Z", "2024/03/12T15:02:47Z", "2024-03-12T15.02.47Z", "2024-03-12_15:02:47Z",
            "2024-03-12T15:02:47Zjunk", "2024-03-12T15:02:47-0700junk", "2024-03-12T15:02:47-07000",
            "2024-03-12T15:02:47+9999", "2024-03-12T15:02:47.Z", "2024-03-12T15:02:47.1",
            "2024-03-12T15:02:47.1234567890Z",
        ]
    )
    func strict(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("timestamps compare by time, not by text")
    func order() throws {
        let early = try #require(Timestamp("2024-03-12T23:00:00+0900"))
        let late = try #require(Timestamp("2024-03-12T15:00:00Z"))
        #expect(early < late)
        #expect(!(late < early))
    }

    @Test(
        "HTTP dates are read",
        arguments: [
            ("Tue, 12 Mar 2024 22:02:47 GMT", "2024-03-12T22:02:47Z"),
            ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
            ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
            ("Thu, 29 Feb 2024 23:59:59 GMT", "2024-02-29T23:59:59Z"),
            ("Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"),
            ("Tue, 19 Jan 2038 03:14:08 GMT", "2038-01-19T03:14:08Z"),
        ]
    )
    func httpDate(text: String, shown: String) {
        #expect(Timestamp(httpDate: text)?.description == shown)
    }

    @Test(
        "every month of an HTTP date is known",
        arguments: zip(
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
            1...12
        )
    )
    func httpMonth(name: String, number: Int) {
        let month = number < 10 ? "0\(number)" : "\(number)"
        #expect(Timestamp(httpDate: "Mon, 05 \(name) 2026 01:02:03 GMT") == Timestamp("2026-\(month)-05T01:02:03Z"))
    }

    @Test(
        "an invalid HTTP date is refused",
        arguments: [
            "", "now", "2024-03-12T22:02:47Z", "Tue, 12 Mar 2024 22:02:47", "Tue, 12 Mar 2024 22:02:47 CET",
            "Tue, 12 Mar 2024 22:02:47 +0100", "Tue, 30 Feb 2024 22:02:47 GMT", "Tue, 12 Mrz 2024 22:02:47 GMT",
            "Tue, 12 Mar 2024 24:02:47 GMT", "Tue, 12 Mar 2024 22:60:47 GMT", "Tue, 12 Mar 2024 22:02:61 GMT",
            "Tue, 12 Mar 2024 22:02 GMT", "Tue, 12 Mar 2024 22:02:47:11 GMT", "Tue, 0 Mar 2024 22:02:47 GMT",
            "Tue, 12 Mar 2024 -1:02:47 GMT", "Tuesday, 12-Mar-24 22:02:47 GMT", "Tue Mar 12 22:02:47 2024",
            "Tue, 12 Mar 2024 22:02:47 GMT GMT", "Tue, 12 Mar 99999999999999999999 22:02:47 GMT",
            "Tue, 12 Mar 9223372036854775807 22:02:47 GMT", "Tue, 12 Mar 2024 22:x:02:47 GMT",
            "Tue, 12 Mar 2024 2:x2:02 GMT", "Tue, 12 Mar -024 22:02:47 GMT",
        ]
    )
    func noHTTPDate(text: String) {
        #expect(Timestamp(httpDate: text) == nil)
    }
}
