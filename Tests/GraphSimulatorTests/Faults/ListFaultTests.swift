import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

/// Faults that omit rows or make a list endless.
@Suite struct ListFaultTests {
    let bench = Bench()

    private func page(_ path: String, _ after: String? = nil, limit: Int = 10) -> [String: Any] {
        var query = ["limit": "\(limit)", "fields": "id", "summary": "total_count"]
        query["after"] = after
        return bench.get(path, query)
    }

    private func after(_ page: [String: Any]) -> String? {
        ((page["paging"] as? [String: Any])?["cursors"] as? [String: String])?["after"]
    }

    private func count(_ page: [String: Any]) -> Int? { (page["summary"] as? [String: Int])?["total_count"] }

    @Test("pages can continue endlessly, each with its own cursor", arguments: ["endless_repeats", "endless_empty"])
    func endless(fault: String) throws {
        let path = "\(accounts[0])/ads"
        let regular = ids(page(path)["data"] as? [[String: Any]] ?? [])
        _ = bench.order(#"{"fault":"\#(fault)"}"#)
        var cursors: Set<String> = []
        var next: String?
        for number in 0..<30 {
            let page = page(path, next)
            let cursor: String = try #require(after(page))
            next = cursor
            #expect(cursors.insert(cursor).inserted)
            #expect((page["paging"] as? [String: Any])?["next"] != nil)
            let rows = ids(page["data"] as? [[String: Any]] ?? [])
            #expect(rows == (number == 0 || fault == "endless_repeats" ? regular : []))
        }
    }

    @Test("a page can lack its paging, its count, or some of the counted rows")
    func lacking() {
        let path = "\(accounts[0])/ads"
        let whole = page(path)
        _ = bench.order(#"{"fault":"paging_missing","times":1}"#)
        let cut = page(path)
        #expect(cut["paging"] == nil)
        #expect((cut["data"] as? [Any])?.count == 10)
        _ = bench.order(#"{"fault":"count_missing","times":1}"#)
        #expect(count(page(path)) == nil)
        _ = bench.order(#"{"fault":"rows_lost","value":2,"times":1}"#)
        let lossy = page(path)
        #expect((lossy["data"] as? [Any])?.count == 5)
        #expect(count(lossy) == count(whole))
        #expect(after(lossy) == after(whole))
    }
}

extension ListFaultTests {
    @Test("a list of insights can end at once or early, at one level or at all, and looks complete")
    func insights() {
        func rows(_ level: String) -> Int {
            let page = bench.get("\(accounts[0])/insights", ["level": level, "fields": "spend", "limit": "500"])
            #expect((page["paging"] as? [String: Any])?["next"] == nil)
            #expect((page["paging"] == nil) == ((page["data"] as? [Any])?.isEmpty ?? true))
            return (page["data"] as? [Any])?.count ?? -1
        }
        let (campaigns, adSets) = (rows("campaign"), rows("adset"))
        #expect(campaigns > 2 && adSets > campaigns)
        _ = bench.order(#"{"fault":"insights_empty","level":"campaign","times":1}"#)
        #expect(rows("adset") == adSets && rows("campaign") == 0 && rows("campaign") == campaigns)
        _ = bench.order(#"{"fault":"insights_short","value":40,"times":2}"#)
        #expect(rows("campaign") == campaigns * 40 / 100 && rows("account") == 0)
        #expect(rows("campaign") == campaigns)
        // Other lists stay as they are.
        _ = bench.order(#"{"fault":"insights_empty"}"#)
        #expect((page("\(accounts[0])/ads")["data"] as? [Any])?.count == 10)
    }
}
