import GraphAPI
import Model
import Store
import Testing

@testable import SyncEngine

/// The objects of an account that a run reads, decided without a database or a network.
@Suite struct PlanTests {
    private static let watermark = Timestamp(seconds: 1_800_000_000)

    /// The stored state of a list after a complete listing this many seconds ago.
    private static func known(_ age: Double?, isWanted: Bool = false) -> SyncMemory {
        var memory = SyncMemory()
        memory.accountAge = age
        for level in Level.allCases {
            var list = SyncMemory.List()
            list.watermark = age == nil ? nil : watermark
            list.listingAge = age
            list.isListingWanted = isWanted && level == .ad
            memory.lists[.objects(level)] = list
        }
        return memory
    }

    private static func plan(_ memory: SyncMemory, isForced: Bool = false) -> SyncPlan {
        SyncPlan.make(memory, isForced: isForced, listingInterval: 21_600)
    }

    @Test("the first run lists everything, and reads the account itself")
    func first() {
        for memory in [SyncMemory(), Self.known(nil)] {
            let plan = Self.plan(memory)
            #expect(plan.asksAccount)
            #expect(plan.listings.count == 3)
            #expect(
                plan.listings.values.allSatisfy { $0.since == nil && $0.position.cursor == nil && $0.staged == nil }
            )
        }
    }

    @Test(
        "later runs read updates since a second before the watermark, until a listing is due or requested",
        arguments: [(0.0, true), (600, true), (21_599, true), (21_600, false), (1e9, false)]
    )
    func incremental(age: Double, isIncremental: Bool) {
        let plan = Self.plan(Self.known(age))
        #expect(plan.asksAccount == !isIncremental)
        for listing in plan.listings.values {
            #expect(listing.since == (isIncremental ? Timestamp(seconds: 1_799_999_999) : nil))
        }
        #expect(Self.plan(Self.known(age), isForced: true).listings.values.allSatisfy { $0.since == nil })
    }

    @Test("an account with damaged facts is requested by the next run")
    func damagedAccount() {
        var memory = Self.known(60)
        #expect(!Self.plan(memory).asksAccount)
        #expect(SyncPlan.make(memory, isForced: false, listingInterval: 21_600, lacksZone: true).asksAccount)
        memory.isAccountDamaged = true
        #expect(Self.plan(memory).asksAccount)
    }

    @Test("a second listing after a large loss reads that level alone")
    func wanted() {
        let plan = Self.plan(Self.known(60, isWanted: true))
        #expect(plan.listings[.ad]?.since == nil)
        #expect(plan.listings[.campaign]?.since != nil)
        #expect(plan.listings[.adSet]?.since != nil)
    }

    private static func staged(_ request: String, age: Double, isComplete: Bool = false) -> SyncMemory.Staged {
        SyncMemory.Staged(
            request: request,
            basis: nil,
            beganAt: watermark,
            cursor: isComplete ? nil : "C",
            rows: 500,
            isComplete: isComplete,
            age: age
        )
    }

    @Test(
        "staged pages of the same request are continued while young; a complete request covers all others",
        arguments: [
            // known listing age, forced, staged request, its age, taken over, lists all
            (60, false, "since 1799999999", 10, true, false), (60, false, "since 1799999999", 86_400, false, false),
            (60, false, "since 5", 10, false, false), (60, false, "all", 10, true, true),
            (60, true, "all", 10, true, true), (60, true, "all", 86_400, false, true),
            (60, true, "since 1799999999", 10, false, true), (30_000, false, "all", 86_399, true, true),
            (30_000, false, "since 1799999999", 10, false, true), (60, false, "", 1, false, false),
        ] as [(Double, Bool, String, Double, Bool, Bool)]
    )
    func takeOver(known: Double, isForced: Bool, request: String, age: Double, isTaken: Bool, isListing: Bool) throws {
        var memory = Self.known(known)
        memory.staged[.ads] = Self.staged(request, age: age)
        let listing = try #require(Self.plan(memory, isForced: isForced).listings[.ad])
        #expect((listing.staged != nil) == isTaken)
        #expect(Self.plan(memory, isForced: isForced).isTakenOver == isTaken)
        #expect(listing.position.cursor == (isTaken ? "C" : nil))
        #expect((listing.since == nil) == isListing)
    }

    @Test(
        "a list is requested in the form that last worked; after a day a larger page and refused fields are retried",
        arguments: [
            (nil, nil, 500, false), (125, 0, 125, true), (125, 86_399, 125, true), (125, 86_400, 250, false),
            (400, 1e6, 500, false), (900, 10, 500, true), (1, 1e6, 2, false),
        ] as [(Int?, Double?, Int, Bool)]
    )
    func adapted(pageSize: Int?, age: Double?, expected: Int, keepsRefusals: Bool) {
        var memory = Self.known(60)
        memory.lists[.ads]?.pageSize = pageSize
        memory.lists[.ads]?.adaptationAge = age
        memory.lists[.ads]?.refusedFields = ["creative"]
        let position = Self.plan(memory).listings[.ad]?.position
        #expect(position?.pageSize == expected)
        #expect(position?.refusedFields == (keepsRefusals ? ["creative"] : []))
    }

    @Test(
        "a doubtful listing is repeated after an hour, and at once if requested",
        arguments: [
            (0, 3700.0, false, false), (7, 3500.0, false, false), (7, 3700.0, false, true), (1, 5.0, true, true),
        ]
    )
    func doubtful(readings: Int, age: Double, isWanted: Bool, isListing: Bool) {
        var memory = SyncMemory()
        var list = SyncMemory.List()
        list.watermark = Timestamp(seconds: 1_700_000_000)
        list.listingAge = age
        list.isListingWanted = isWanted
        list.doubtfulReadings = readings
        memory.lists[.ads] = list
        #expect((Self.plan(memory).listings[.ad]?.since == nil) == isListing)
    }
}
