import Foundation
import GraphSimulator
import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Any JSON value in any place of any page costs at most the field that it belongs to, or its row.
@Suite struct AnyValueTests {
    /// As they occur in the body. `\ud800` is half a pair.
    private static let replacements = [
        "null", "true", "0", "-1", "1e400", #""""#, #""x""#, #""\ud800""#, "[]", "{}", "[[null]]",
        String(repeating: "[", count: 5000) + String(repeating: "]", count: 5000),
        String(repeating: "9", count: 1000), "\"" + String(repeating: "long", count: 1 << 18) + "\"", "NaN",
    ]

    /// The values that are read, field by field, and the Facebook field behind each.
    private static let sources: [String: Set<String>] = [
        "adSetID": ["adset_id"], "campaignID": ["campaign_id"], "name": ["name"],
        "status": ["status", "account_status"],
        "effectiveStatus": ["effective_status", "status"], "objective": ["objective"],
        "dailyBudget": ["daily_budget"], "lifetimeBudget": ["lifetime_budget"], "bidStrategy": ["bid_strategy"],
        "bidAmount": ["bid_amount"], "optimizationGoal": ["optimization_goal"], "format": ["creative"],
        "budgetRemaining": ["budget_remaining"], "issues": ["issues_info"], "learning": ["learning_stage_info"],
        "reviewFeedback": ["ad_review_feedback"], "startsAt": ["start_time"], "endsAt": ["stop_time", "end_time"],
        "createdAt": ["created_time"],
        "creativeID": ["creative"],
        "updatedAt": ["updated_time"], "reach": ["reach"], "frequency": ["frequency"], "spend": ["spend"],
        "impressions": ["impressions"], "clicks": ["clicks"], "link_clicks": ["inline_link_clicks"],
        "engagement": ["actions"],
        "conversions": ["actions"], "conversion_value": ["action_values", "actions"], "actions": ["actions"],
        "leads": ["actions"], "complete_registrations": ["actions"], "app_installs": ["actions"],
        "messaging_conversations": ["actions"], "view_content": ["actions"], "add_to_cart": ["actions"],
        "initiate_checkout": ["actions"], "landing_page_views": ["actions"], "video_3s_plays": ["actions"],
        "post_reactions": ["actions"], "comments": ["actions"], "shares": ["actions"],
        "outbound_clicks": ["outbound_clicks"], "unique_clicks": ["unique_clicks"],
        "video_plays": ["video_play_actions"], "thruplays": ["video_thruplay_watched_actions"],
        "video_p25": ["video_p25_watched_actions"], "video_p50": ["video_p50_watched_actions"],
        "video_p75": ["video_p75_watched_actions"], "video_p95": ["video_p95_watched_actions"],
        "video_p100": ["video_p100_watched_actions"],
        "quality_ranking": ["quality_ranking"], "engagement_rate_ranking": ["engagement_rate_ranking"],
        "conversion_rate_ranking": ["conversion_rate_ranking"], "attribution_setting": ["attribution_setting"],
        "results": ["results"], "result_indicator": ["results"], "result_mix": ["results"],
        "custom_conversions": ["actions"],
        "actionValues": ["action_values"], "currency": ["currency"], "timeZone": ["timezone_name"],
    ]

    @Test("a page with any value in any place is read", arguments: ReadPage.allCases)
    func everyNode(page: ReadPage) throws {
        let graph = try SimulatedGraph()
        let body = try page.body(of: graph)
        let clean = try page.read(Recorder(always: .json(body)))
        #expect(clean.count == 3)
        let document = try JSONSerialization.jsonObject(with: Data(body.utf8))
        for path in Self.paths(in: document) {
            let marked = Self.replace(document, path[...])
            let text = String(decoding: try JSONSerialization.data(withJSONObject: marked), as: UTF8.self)
            for replacement in Self.replacements {
                let damaged = text.replacingOccurrences(of: #""(here)""#, with: replacement)
                check(page, damaged, clean, path, replacement)
            }
        }
    }

    @Test("a page without any one node is read", arguments: ReadPage.allCases)
    func absentNode(page: ReadPage) throws {
        let graph = try SimulatedGraph()
        let body = try page.body(of: graph)
        let clean = try page.read(Recorder(always: .json(body)))
        let document = try JSONSerialization.jsonObject(with: Data(body.utf8))
        for path in Self.paths(in: document) {
            let rest = try JSONSerialization.data(withJSONObject: Self.remove(document, path[...]))
            checkAbsence(page, String(decoding: rest, as: UTF8.self), clean, path)
        }
    }

    private func checkAbsence(_ page: ReadPage, _ body: String, _ clean: [[String: String]], _ path: [String]) {
        let comment: Comment = "without \(path.joined(separator: "."))"
        let rows = try? page.read(Recorder(always: .json(body)))
        guard path != ["data"] else {
            #expect(rows == nil, comment)
            return
        }
        guard let rows, path[0] == "data", let place = Int(path[1]), rows.count == 3 else {
            let others = path.count > 1 ? clean.indices.filter { "\($0)" != path[1] }.map { clean[$0] } : clean
            #expect(rows == (path[0] == "data" ? others : clean), comment)
            return
        }
        #expect(
            rows.indices.filter { $0 != place }.map { rows[$0] }
                == clean.indices.filter { $0 != place }.map { clean[$0] },
            comment
        )
        for (name, read) in rows[place] where read != clean[place][name] {
            #expect(path.count > 2 && Self.sources[name]?.contains(path[2]) == true, comment)
            let isUnknown = ["nil", "", "UNKNOWN"].contains(read)
            // Facebook omits metrics that are zero, actions that did not happen, and the zone UTC.
            let isLeftOut = path.count == 4 || path.count == 3 && ["0", "UTC", "{}"].contains(read)
            let isText = path.count > 3 && Self.lists.contains(name) || read == "[]" && Self.ownLists.contains(name)
            let isOwnStatus = name == "effectiveStatus" && read == rows[place]["status"]
            // A goal without values had no results.
            let isWithoutValues = path.last == "values" && ["results", "result_mix"].contains(name)
            #expect(
                isUnknown || isLeftOut || isText || isOwnStatus || isWithoutValues,
                "\(comment): \(name) is \(read.prefix(40))"
            )
        }
    }

    /// Lists that are kept as JSON text: Facebook's, and those that are made of its own.
    private static let lists = ["actions", "actionValues"] + ownLists
    private static let ownLists = ["issues", "reviewFeedback"]

    private static func isJSON(_ text: String) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil
    }

    private static func remove(_ node: Any, _ path: ArraySlice<String>) -> Any {
        guard let name = path.first else { return node }
        let isLast = path.count == 1
        if var object = node as? [String: Any] {
            object[name] = isLast ? nil : object[name].map { remove($0, path.dropFirst()) }
            return object
        }
        var list = node as? [Any] ?? []
        guard let place = Int(name), list.indices.contains(place) else { return list }
        if isLast { list.remove(at: place) } else { list[place] = remove(list[place], path.dropFirst()) }
        return list
    }

    private func check(_ page: ReadPage, _ body: String, _ clean: [[String: String]], _ path: [String], _ value: String)
    {
        let comment: Comment = "\(path.joined(separator: ".")): \(value.prefix(40))"
        let rows: [[String: String]]
        do {
            rows = try page.read(Recorder(always: .json(body)))
        } catch {
            // Only damage outside the rows makes a response that is requested again.
            #expect((error as? GraphError)?.kind == .transient && (path.count < 2 || path[0] != "data"), comment)
            return
        }
        guard path[0] == "data" else {
            #expect(rows == clean, comment)
            return
        }
        guard path.count > 1, let place = Int(path[1]) else {
            #expect(rows.isEmpty, comment)
            return
        }
        let others = clean.indices.filter { $0 != place }.map { clean[$0] }
        guard rows.count == 3 else {
            #expect(rows == others, comment)
            return
        }
        #expect(rows.indices.filter { $0 != place }.map { rows[$0] } == others, comment)
        for (name, read) in rows[place] where read != clean[place][name] {
            guard path.count > 2, Self.sources[name]?.contains(path[2]) == true else {
                #expect(name == page.key, comment)
                continue
            }
            // A changed value is unknown, or the page's new value.
            let isUnknown = ["nil", "", "UNKNOWN"].contains(read)
            let isWord = path.last == "action_type" || path.last == "account_status"
            let isSaid = value == "0" || value.contains("x") || value.contains("long") || isWord
            let isRepaired = name == "name" && (read == "\u{FFFD}" || value.allSatisfy { "0123456789-e".contains($0) })
            let isEmptyList = ["null", "{}"].contains(value) && read == "[]" && Self.ownLists.contains(name)
            let hasNothing = (value == "[]" || isEmptyList) && path.count == 3
            // One entry of a list is another, or has no such member. The list itself is whole.
            let isWithin = path.count > 3 && Self.ownLists.contains(name) && Self.isJSON(read)
            #expect(
                isUnknown || isSaid || isRepaired || hasNothing || isWithin,
                "\(comment): \(name) is \(read.prefix(40))"
            )
        }
    }

    /// The places of all nodes except the root.
    private static func paths(in node: Any) -> [[String]] {
        let children: [(String, Any)] =
            if let object = node as? [String: Any] {
                object.sorted { $0.key < $1.key }
            } else {
                (node as? [Any] ?? []).enumerated().map { ("\($0.offset)", $0.element) }
            }
        return children.flatMap { name, child in [[name]] + paths(in: child).map { [name] + $0 } }
    }

    private static func replace(_ node: Any, _ path: ArraySlice<String>) -> Any {
        guard let name = path.first else { return "(here)" }
        if var object = node as? [String: Any] {
            object[name] = object[name].map { replace($0, path.dropFirst()) }
            return object
        }
        var list = node as? [Any] ?? []
        if let place = Int(name), list.indices.contains(place) { list[place] = replace(list[place], path.dropFirst()) }
        return list
    }
}

/// The kinds of pages that the client reads.
enum ReadPage: String, CaseIterable, Sendable {
    case campaigns
    case adSets
    case ads
    case totals
    case accountDays
    case adDays
    case accounts

    /// The name of a row's own id: a row with another id is another row.
    var key: String {
        switch self {
        case .campaigns, .adSets, .ads: "id"
        case .totals: "objectID"
        case .accountDays: "day"
        case .adDays: "adID"
        case .accounts: "facebookID"
        }
    }

    /// Three rows of the simulator's page.
    func body(of graph: SimulatedGraph) throws -> String {
        var bodies: [[UInt8]] = []
        let recorder = Recorder(token: SimulatedGraph.token, clock: graph.recorder.clock) { request in
            let response = graph.simulator.respond(to: request)
            bodies.append(response.body)
            return response
        }
        _ = try read(recorder, of: graph.account)
        var object = try #require(try JSONSerialization.jsonObject(with: Data(bodies[0])) as? [String: Any])
        let rows = try #require(object["data"] as? [[String: Any]])
        let fullest = rows.sorted { $0.count > $1.count }
        object["data"] = (0..<3).map { place in
            var row = fullest[min(place, fullest.count - 1)]
            if self == .accounts { row["account_id"] = "1000\(place + 1)" }
            return row
        }
        // A list that is shorter than its count is read again.
        if object["summary"] != nil { object["summary"] = ["total_count": 3] }
        object["paging"] = ["cursors": ["before": "b", "after": "a"]]
        return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }

    func read(_ recorder: Recorder) throws -> [[String: String]] { try read(recorder, of: .dollars) }

    private func read(_ recorder: Recorder, of account: AccountSummary) throws -> [[String: String]] {
        let position = ListPosition(pageSize: 500)
        var rows: [[String: String]] = []
        func take<Value>() -> (ListPage<Value>) -> Void { { rows = $0.values.map { Self.facts($0) } } }
        let reading: any GraphReading
        switch self {
        case .campaigns:
            reading = GraphClient.objects(account, level: .campaign, at: position, page: take(), restarted: {})
        case .adSets: reading = GraphClient.objects(account, level: .adSet, at: position, page: take(), restarted: {})
        case .ads: reading = GraphClient.objects(account, level: .ad, at: position, page: take(), restarted: {})
        case .totals:
            reading = GraphClient.totals(
                account,
                level: .ad,
                days: november,
                at: position,
                report: ReportUse(),
                page: take(),
                restarted: {}
            )
        case .accountDays:
            reading = GraphClient.accountDays(account, days: november, at: position, page: take(), restarted: {})
        case .adDays:
            reading = GraphClient.adDays(
                account,
                days: november,
                at: position,
                report: ReportUse(),
                page: take(),
                restarted: {}
            )
        case .accounts:
            try recorder.client.adAccounts(take())
            return rows
        }
        try recorder.read(reading, account)
        return rows
    }

    /// A value's properties as texts, including those of its results.
    private static func facts(_ value: Any) -> [String: String] {
        var facts: [String: String] = [:]
        for (label, child) in Mirror(reflecting: value).children {
            guard let label, label != "gaps" else { continue }
            if child is Results || value is MirroredObject {
                facts.merge(self.facts(child)) { $1 }
            } else {
                let optional = Mirror(reflecting: child)
                let content: Any? = optional.displayStyle == .optional ? optional.children.first?.value : child
                facts[label] = content.map { "\($0)" } ?? "nil"
            }
        }
        return facts
    }
}
