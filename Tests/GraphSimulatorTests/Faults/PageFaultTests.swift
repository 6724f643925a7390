import Foundation
import HTTPMessages
import Testing

@testable import GraphSimulator

@Suite struct PageFaultTests {
    let bench = Bench()

    private func page(_ path: String, _ after: String? = nil, limit: Int = 10) -> Page {
        var query = ["limit": "\(limit)", "fields": path.hasSuffix("insights") ? "ad_id" : "id"]
        if path.hasSuffix("insights") { query["level"] = "ad" }
        query["after"] = after
        return Page(bench.get(path, query))
    }

    private struct Page {
        let rows: [String]
        let after: String?
        let next: String?

        init(_ body: [String: Any]) {
            let data = body["data"] as? [[String: Any]] ?? []
            rows = data.compactMap { ($0["id"] ?? $0["ad_id"]) as? String }
            let paging = body["paging"] as? [String: Any]
            after = (paging?["cursors"] as? [String: String])?["after"]
            next = paging?["next"] as? String
        }
    }

    @Test("short pages lose no row", arguments: ["ads", "insights", "campaigns"])
    func short(edge: String) {
        let path = "\(accounts[0])/\(edge)"
        let query = ["limit": "300", "fields": edge == "insights" ? "ad_id" : "id", "level": "ad"]
        let whole = bench.all(path, query) as NSArray
        _ = bench.order(#"{"fault":"short_pages"}"#)
        #expect(page(path).rows.count == 5)
        #expect(page(path, limit: 1).rows.count == 1)
        #expect(bench.all(path, query) as NSArray == whole)
    }

    @Test("an empty page links to the very next row", arguments: ["ads", "insights"])
    func empty(edge: String) throws {
        let path = "\(accounts[0])/\(edge)"
        let first = page(path)
        let second = page(path, first.after)
        _ = bench.order(#"{"fault":"empty_page"}"#)
        #expect(page(path).rows == first.rows)
        let empty = page(path, first.after)
        #expect(empty.rows.isEmpty)
        #expect(empty.next != nil)
        #expect(empty.after != first.after)
        #expect(page(path, empty.after).rows == second.rows)
    }

    @Test("a page can lack cursors and still have a link")
    func noCursor() throws {
        let second = page("\(accounts[0])/ads", page("\(accounts[0])/ads").after)
        _ = bench.order(#"{"fault":"no_cursor"}"#)
        let first = page("\(accounts[0])/ads")
        #expect(first.after == nil)
        let next = try #require(first.next.flatMap { URLComponents(string: $0) })
        let after = try #require(next.queryItems?.first { $0.name == "after" }?.value)
        #expect(page("\(accounts[0])/ads", after).rows == second.rows)
    }

    @Test("a cursor can lead to its own page, also from the last one", arguments: ["ads", "insights"])
    func loops(edge: String) throws {
        let path = "\(accounts[0])/\(edge)"
        _ = bench.order(#"{"fault":"next_loops"}"#)
        let first = page(path, limit: 5000)
        let cursor = try #require(page(path, limit: 10).after)
        let second = page(path, cursor, limit: 5000)
        #expect(first.after != nil)
        #expect(second.after == cursor)
        #expect(second.next?.contains("after=\(cursor)") == true)
        #expect(page(path, second.after, limit: 5000).rows == second.rows)
    }

    @Test("cursors can be refused, first pages cannot")
    func invalid() {
        let first = page("\(accounts[0])/ads")
        _ = bench.order(#"{"fault":"cursor_invalid","times":1}"#)
        #expect(page("\(accounts[0])/ads").rows == first.rows)
        #expect(bench.error("\(accounts[0])/ads", ["after": first.after ?? ""]).code == 2642)
        #expect(bench.error("\(accounts[0])/ads", ["after": first.after ?? ""]).code == nil)
    }

    @Test("a fault that does not fit a call waits for a call that it fits")
    func fits() {
        _ = bench.order(#"{"fault":"short_pages","times":1}"#)
        _ = bench.get("me")
        _ = bench.get(accounts[0])
        #expect(page("\(accounts[0])/ads").rows.count == 5)
        #expect(page("\(accounts[0])/ads").rows.count == 10)
    }

    @Test("a fault can name one edge alone, where a part of the path would match others too")
    func edges() {
        _ = bench.order(#"{"fault":"transient","edge":"ads","times":1}"#)
        #expect(bench.error("\(accounts[0])/adsets").code == nil)
        #expect(bench.error("\(accounts[0])/ads").code == 2)
        _ = bench.order(#"{"fault":"transient","path":"/ads","times":1}"#)
        #expect(bench.error("\(accounts[0])/adsets").code == 2)
    }

    @Test("a listing can end early and look complete, until the next one starts")
    func vanish() {
        let query = ["limit": "7", "summary": "true"]
        let whole = ids(bench.all("\(accounts[0])/campaigns", query))
        _ = bench.order(#"{"fault":"vanish","path":"/campaigns","value":40,"times":1}"#)
        let listed = ids(bench.all("\(accounts[0])/campaigns", query))
        #expect(listed == Array(whole.prefix((whole.count * 40 + 99) / 100)))
        #expect(ids(bench.all("\(accounts[0])/campaigns", query)) == whole)
        _ = bench.order(#"{"fault":"vanish","value":0,"times":1}"#)
        let none = bench.get("\(accounts[0])/campaigns", query)
        #expect((none["data"] as? [Any])?.isEmpty == true)
        #expect(none["paging"] == nil)
        #expect((none["summary"] as? [String: Int])?["total_count"] == 0)
    }
}
