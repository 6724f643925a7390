import Foundation

/// What becomes of each object, reckoned slowly from the simulator's own responses. It follows README's table, rule by rule.
struct ExpectedDelivery {
    private typealias Row = [String: Any]

    /// Seconds since 1970.
    let moment: Double
    /// Whether the days that are held include the day of the moment and the one before, read not long ago.
    let holdsDays: Bool
    /// Ids of objects with impressions on these two days.
    let delivered: Set<String>
    /// Ids of objects whose status changed in the last 24 hours.
    let resumed: Set<String>
    /// Whether the account was connected in the last 24 hours.
    let isNew: Bool
    private let account: Row
    private let rows: [String: [Row]]

    init(
        _ facebook: Facebook,
        moment: Double,
        holdsDays: Bool,
        delivered: Set<String>,
        resumed: Set<String>,
        isNew: Bool
    ) {
        self.moment = moment
        self.holdsDays = holdsDays
        self.delivered = delivered
        self.resumed = resumed
        self.isNew = isNew
        account = facebook.account(fields: "account_status,spend_cap,amount_spent")
        let fields = "id,status,effective_status,created_time,updated_time,issues_info"
        rows = [
            "campaign": facebook.rows("campaigns", level: "campaign", fields: "\(fields),start_time,stop_time"),
            "adset": facebook.rows(
                "adsets",
                level: "adset",
                fields: "\(fields),campaign_id,start_time,end_time,learning_stage_info"
            ),
            "ad": facebook.rows("ads", level: "ad", fields: "\(fields),adset_id,campaign_id,ad_review_feedback"),
        ]
    }

    /// The words of all objects, by id.
    func words() -> [String: String] {
        var words: [String: String] = [:]
        for level in ["ad", "adset", "campaign"] {
            for row in rows[level] ?? [] { words[id(row)] = word(row, level, words) }
        }
        return words
    }

    private func word(_ row: Row, _ level: String, _ below: [String: String]) -> String {
        let status = row["status"] as? String ?? ""
        let effective = row["effective_status"] as? String ?? ""
        let chain = [row] + parents(of: row, level)
        if status == "DELETED" || effective == "DELETED" { return "DELETED" }
        if status == "ARCHIVED" || effective == "ARCHIVED" { return "ARCHIVED" }
        if isAccountStopped || effective == "PENDING_BILLING_INFO" { return "ACCOUNT_STOPPED" }
        let isOff = ["PAUSED", "CAMPAIGN_PAUSED", "ADSET_PAUSED"].contains(effective)
        if effective == "DISAPPROVED" || (isOff && isRefusedEverywhere(row)) { return "DISAPPROVED" }
        if effective == "WITH_ISSUES" || hasHardError(row) { return "WITH_ISSUES" }
        if status == "PAUSED" { return "PAUSED" }
        if isOff { return effective }
        if effective == "PENDING_REVIEW" || effective == "IN_PROCESS" { return "IN_REVIEW" }
        if chain.contains(where: { time($0, "start_time") ?? 0 > moment }) { return "SCHEDULED" }
        let ends = chain.compactMap { time($0, "end_time") ?? time($0, "stop_time") }
        if ends.contains(where: { $0 <= moment }) { return "ENDED" }
        if level != "ad", let word = wordOfChildren(row, level, below) { return word }
        if let adSet = chain.first(where: { $0["learning_stage_info"] != nil }) {
            let learning = (adSet["learning_stage_info"] as? Row)?["status"] as? String
            if learning == "FAIL" { return "LEARNING_LIMITED" }
            if learning == "LEARNING" { return "LEARNING" }
        }
        return hasNoDelivery(row, chain) ? "NO_DELIVERY" : "ACTIVE"
    }

    /// - Returns: `nil` if one of them is on.
    private func wordOfChildren(_ row: Row, _ level: String, _ below: [String: String]) -> String? {
        let children = rows[level == "campaign" ? "adset" : "ad"] ?? []
        let parent = level == "campaign" ? "campaign_id" : "adset_id"
        let words = children.filter { $0[parent] as? String == id(row) }.compactMap { below[id($0)] }
        let on = ["ACTIVE", "LEARNING", "LEARNING_LIMITED", "NO_DELIVERY"]
        if words.contains(where: on.contains) { return nil }
        return ["IN_REVIEW", "SCHEDULED", "DISAPPROVED", "WITH_ISSUES", "ENDED"].first(where: words.contains)
            ?? "PAUSED"
    }

    private func hasNoDelivery(_ row: Row, _ chain: [Row]) -> Bool {
        let aDayAgo = moment - 86_400
        guard holdsDays, let created = time(row, "created_time"), created <= aDayAgo else { return false }
        if chain.contains(where: { time($0, "start_time") ?? 0 > aDayAgo }) { return false }
        if isNew, chain.contains(where: { time($0, "updated_time") ?? .infinity > aDayAgo }) { return false }
        return !chain.contains { resumed.contains(id($0)) } && !delivered.contains(id(row))
    }

    private var isAccountStopped: Bool {
        let number = { (name: String) in Int("\(account[name] ?? "0")") ?? 0 }
        if [2, 3, 7, 8, 100, 101].contains(number("account_status")) { return true }
        return number("spend_cap") > 0 && number("amount_spent") >= number("spend_cap")
    }

    private func isRefusedEverywhere(_ row: Row) -> Bool {
        (row["ad_review_feedback"] as? Row)?["global"] != nil
    }

    private func hasHardError(_ row: Row) -> Bool {
        (row["issues_info"] as? [Row] ?? []).contains { $0["error_type"] as? String != "SOFT_ERROR" }
    }

    private func parents(of row: Row, _ level: String) -> [Row] {
        let find = { (level: String, id: Any?) in
            (rows[level] ?? []).filter { self.id($0) == id as? String ?? "" }
        }
        return switch level {
        case "ad": find("adset", row["adset_id"]) + find("campaign", row["campaign_id"])
        case "adset": find("campaign", row["campaign_id"])
        default: []
        }
    }

    private func id(_ row: Row) -> String { row["id"] as? String ?? "" }

    private func time(_ row: Row, _ name: String) -> Double? {
        guard let text = row[name] as? String else { return nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.dateFormat = "yyyy-MM-dd'T'HH:mm:ssZ"
        return formatter.date(from: text)?.timeIntervalSince1970
    }
}
