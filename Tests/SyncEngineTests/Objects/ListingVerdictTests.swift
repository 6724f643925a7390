import Model
import Store
import SyncEngine
import Testing

/// The decision on objects that a complete listing lacks.
@Suite struct ListingVerdictTests {
    private func listed(known: Int, missing: Int, counted: Int?, more: Int = 0) -> ListedObjects {
        ListedObjects(level: .ad, known: known, missing: missing, listed: known - missing + more, counted: counted)
    }

    @Test(
        "a small part missing from a listing of the right length is deleted; a large part needs evidence",
        arguments: [
            (100, 1, ListingVerdict.whole), (100, 10, .whole), (100, 11, .needsEvidence), (1000, 100, .whole),
            (1000, 101, .needsEvidence), (3, 1, .whole), (6, 3, .whole), (2, 2, .needsEvidence), (1, 1, .needsEvidence),
            (10, 5, .whole), (10, 6, .needsEvidence), (5, 0, .whole),
        ]
    )
    func part(known: Int, missing: Int, verdict: ListingVerdict) {
        let objects = listed(known: known, missing: missing, counted: known - missing)
        #expect(objects.verdict(doubts: 0, delivers: false, nil) == verdict)
    }

    @Test("a listing with fewer objects than Facebook counts is short, whichever are missing", arguments: [0, 1, 60])
    func short(missing: Int) {
        let objects = listed(known: 100, missing: missing, counted: 101)
        #expect(objects.verdict(doubts: 0, delivers: false, nil) == .short)
        #expect(objects.verdict(doubts: 1, delivers: false, nil) == .short)
        // Two equal shortages prove nothing, so the objects themselves are looked up.
        #expect(objects.verdict(doubts: 2, delivers: false, nil) == (missing == 0 ? .short : .needsEvidence))
        guard missing > 0 else { return }
        #expect(objects.verdict(doubts: 9, delivers: false, DeletionEvidence(existing: 1, gone: 7)) == .short)
        #expect(objects.verdict(doubts: 9, delivers: false, DeletionEvidence(gone: 8)) == .whole)
        #expect(objects.verdict(doubts: 9, delivers: false, DeletionEvidence()) == .unconfirmed)
    }

    @Test("without Facebook's count even a single missing object is looked up")
    func noCount() {
        let objects = listed(known: 100, missing: 1, counted: nil)
        #expect(objects.verdict(doubts: 0, delivers: false, nil) == .needsEvidence)
        #expect(objects.verdict(doubts: 0, delivers: false, DeletionEvidence(gone: 1)) == .whole)
        #expect(objects.verdict(doubts: 9, delivers: false, DeletionEvidence()) == .unconfirmed)
        #expect(listed(known: 100, missing: 0, counted: nil).verdict(doubts: 0, delivers: false, nil) == .whole)
    }

    @Test("a list that may have been cut off is incomplete, unless Facebook's count confirms it")
    func cut() {
        for (missing, counted, verdict) in [(0, nil, ListingVerdict.short), (5, nil, .short), (0, 100, .whole)] {
            var objects = listed(known: 100, missing: missing, counted: counted)
            objects.mayBeCut = true
            #expect(objects.verdict(doubts: 0, delivers: false, nil) == verdict)
            #expect(objects.verdict(doubts: 0, delivers: false, DeletionEvidence(gone: 8)) == verdict)
        }
        var increment = ListedObjects(level: .ad, isListing: false, known: 0, missing: 0, listed: 25, counted: nil)
        increment.mayBeCut = true
        #expect(increment.verdict(doubts: 0, delivers: false, nil) == .short)
    }

    @Test("an object that Facebook returns by its id is not deleted, however often the listing lacks it")
    func existing() {
        for doubts in [0, 1, 2, 50] {
            let verdict = listed(known: 100, missing: 60, counted: 40)
                .verdict(doubts: doubts, delivers: false, DeletionEvidence(existing: 1, gone: 7))
            #expect(verdict == .unconfirmed)
        }
    }

    @Test("an empty account that still has results counts as empty after the third listing")
    func emptied() {
        let objects = listed(known: 100, missing: 100, counted: 0)
        let evidence = DeletionEvidence(gone: 8)
        #expect(objects.verdict(doubts: 0, delivers: true, evidence) == .unconfirmed)
        #expect(objects.verdict(doubts: 1, delivers: true, evidence) == .unconfirmed)
        #expect(objects.verdict(doubts: 2, delivers: true, evidence) == .whole)
        #expect(objects.verdict(doubts: 0, delivers: false, evidence) == .whole)
        // Nothing is stored yet, but an account with results has objects.
        let first = listed(known: 0, missing: 0, counted: nil)
        #expect(first.verdict(doubts: 0, delivers: true, nil) == .short)
        #expect(first.verdict(doubts: 0, delivers: false, nil) == .whole)
    }

    @Test("if no object can be looked up, three listings that match Facebook's count are enough")
    func unanswered() {
        let objects = listed(known: 100, missing: 60, counted: 40)
        #expect(objects.verdict(doubts: 1, delivers: true, DeletionEvidence()) == .unconfirmed)
        #expect(objects.verdict(doubts: 2, delivers: true, DeletionEvidence()) == .whole)
        let empty = listed(known: 100, missing: 100, counted: 0)
        #expect(empty.verdict(doubts: 2, delivers: false, DeletionEvidence()) == .whole)
        #expect(empty.verdict(doubts: 9, delivers: true, DeletionEvidence()) == .unconfirmed)
    }
}
