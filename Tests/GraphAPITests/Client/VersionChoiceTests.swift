import Model
import Testing

@testable import GraphAPI

@Suite struct VersionChoiceTests {
    private let v23 = APIVersion(23)
    private let v25 = APIVersion(25)

    @Test("versions are parsed and ordered by their numbers")
    func reading() {
        #expect(APIVersion("v23.0") == v23)
        for text in ["23.0", "v23", "v23.", "v.0", "vx.0", "", "v23.0.1", "v-1.0"] { #expect(APIVersion(text) == nil) }
        #expect(APIVersion(9) < APIVersion(10) && APIVersion(23) < APIVersion(23, 1))
    }

    @Test("the calendar is in order, and each version ends after its release")
    func calendar() {
        let entries = VersionCalendar.entries
        #expect(entries.map(\.version) == entries.map(\.version).sorted())
        for entry in entries {
            if let end = entry.end { #expect(entry.released < end) }
        }
        #expect(VersionCalendar.end(of: v25)?.description == "2027-02-23")
        let newest = entries.map(\.version).max()
        #expect(newest != nil && VersionCalendar.newest(after: v23) == newest)
        #expect(newest.flatMap { VersionCalendar.newest(after: $0) } == nil)
    }

    @Test("the accepted version is called, unless it is below the configured one")
    func accepted() {
        #expect(VersionChoice(configured: v23).current == v23)
        #expect(VersionChoice(configured: v23, accepted: v25).current == v25)
        #expect(VersionChoice(configured: v25, accepted: v23).current == v25)
        #expect(VersionChoice(configured: v23, refused: [v23]).current == APIVersion(24))
    }

    @Test("after a refusal the named version is called, unless it is older or was refused itself")
    func named() {
        var choice = VersionChoice(configured: v23)
        #expect(choice.refuse(v23, naming: APIVersion(26)) == true)
        #expect(choice.current == APIVersion(26) && choice.reason == .named)
        choice = VersionChoice(configured: v25)
        #expect(choice.refuse(v25, naming: v23) == true)
        #expect(choice.current == APIVersion(26) && choice.reason == .tried)
        choice = VersionChoice(configured: v23, refused: [v25])
        #expect(choice.refuse(v23, naming: v25) == true)
        #expect(choice.current == APIVersion(24))
    }

    @Test("late refusals of a version that is no longer called change nothing")
    func late() {
        var choice = VersionChoice(configured: v23)
        #expect(choice.refuse(v23, naming: v25) == true)
        #expect(choice.refuse(v23, naming: APIVersion(26)) == true)
        #expect(choice.current == v25)
    }

    @Test("when all known versions are refused, none is left")
    func exhausted() {
        var choice = VersionChoice(configured: v23)
        var calls = 0
        while let version = choice.current, choice.refuse(version, naming: nil), calls < 100 { calls += 1 }
        #expect(choice.current == nil)
        #expect(calls == VersionCalendar.entries.count - 1)
    }

    @Test("an upgrade never lowers the version")
    func upgrade() {
        var choice = VersionChoice(configured: v25)
        #expect(choice.upgrade(to: v23) == false)
        #expect(choice.upgrade(to: v25) == false)
        #expect(choice.upgrade(to: APIVersion(26)) == true)
        #expect(choice.reason == .upgraded)
    }
}
