import Foundation
import Testing

@testable import GraphSimulator

/// The simulator's own reader of time zone files, compared with Foundation's.
@Suite struct ZoneTests {
    @Test("every zone of the system has Foundation's offsets, hour by hour and year by year")
    func offsets() throws {
        let names = TimeZone.knownTimeZoneIdentifiers.filter {
            FileManager.default.fileExists(atPath: "\(ZoneFile.folder)/\($0)")
        }
        #expect(names.count > 300)
        for name in names {
            let zone = try #require(TimeZone(identifier: name))
            let clock = AccountClock(zone: name)
            // Steps of some days and hours: they include each hour of the day, and come within days of each change.
            for time in stride(from: 1_546_300_800, to: 2_114_380_800, by: 86_400 * 13 + 3600 * 5) {
                let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time)))
                guard clock.offset(at: time) != expected else { continue }
                Issue.record("\(name) at \(time): \(clock.offset(at: time)) instead of \(expected)")
                break
            }
        }
    }

    @Test(
        "a clock change takes effect at its exact second",
        arguments: ["America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tokyo"]
    )
    func changes(_ name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        let clock = AccountClock(zone: name)
        var moment = Date(timeIntervalSince1970: 1_700_000_000)
        for _ in 0..<20 {
            guard let next = zone.nextDaylightSavingTimeTransition(after: moment),
                next < Date(timeIntervalSince1970: 2.1e9)
            else { break }
            let time = Int(next.timeIntervalSince1970)
            #expect(clock.offset(at: time) == zone.secondsFromGMT(for: next))
            #expect(clock.offset(at: time - 1) == zone.secondsFromGMT(for: next.addingTimeInterval(-1)))
            moment = next
        }
    }

    @Test(
        "the rule at the end of a file gives the offsets after its last line",
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "Europe/Berlin"), ("PST8PDT,M3.2.0,M11.1.0", "America/Los_Angeles"),
            ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "Australia/Lord_Howe"), ("IST-5:30", "Asia/Kolkata"),
            ("<-03>3", "America/Sao_Paulo"), ("IST-1GMT0,M10.5.0,M3.5.0/1", "Europe/Dublin"),
        ]
    )
    func rule(_ text: String, _ name: String) throws {
        let zone = try #require(TimeZone(identifier: name))
        let spans = try #require(ZoneRule(text)).spans(years: 2026...2035)
        for span in spans {
            let date = Date(timeIntervalSince1970: Double(span.from))
            #expect(zone.secondsFromGMT(for: date) == span.offset, "\(text) at \(span.from)")
            #expect(zone.secondsFromGMT(for: date.addingTimeInterval(-1)) != span.offset, "\(text) at \(span.from)")
        }
        #expect(spans.count == (text.contains(",") ? 20 : 0))
    }

    @Test(
        "an invalid zone name or file gives nil",
        arguments: ["", "Mars/Olympus", "../../../etc/hostname", "/etc/hostname", "Europe", "tzdata.zi", "14"]
    )
    func unknown(_ name: String) {
        #expect(ZoneFile(name: name) == nil)
        #expect(!AccountSpec.isKnownTimeZone(name))
    }

    @Test("a file truncated anywhere is nil, or has no rule")
    func cutOff() throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: "\(ZoneFile.folder)/Europe/Berlin")))
        #expect(ZoneFile(bytes: bytes)?.rule != nil)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            let file = ZoneFile(bytes: Array(bytes.prefix(length)))
            #expect(file == nil || file?.rule == nil, "\(length)")
        }
        for text in ["", "CET", "CET-1CEST,J60,J300", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "1"] {
            #expect(ZoneRule(text) == nil, "\(text)")
        }
    }
}
