/// What Facebook has found about an object, in place of what its hash says. `updated_time` does not show it.
struct ObjectState: Sendable {
    /// An issue with this `error_type`; empty for none.
    var issue: String?
    /// The status of an ad set's learning stage; empty for none.
    var learning: String?
    /// Whether the review refused an ad: in all placements, or in one of them.
    var isRefused: Bool?
    var isRefusedInOnePlacement = false
}

/// What Facebook has found about an account.
struct AccountState: Sendable {
    /// `account_status`: 1 is active.
    var status = 1
    var disableReason = 0
    /// Minor units; 0 is no limit.
    var spendCap = 0
    var amountSpent: Int?
    var balance: Int?
}

extension SimulatedAccount {
    /// Objects with issues by their status have a hard error, a few others a soft one.
    func issues(_ level: Level, _ index: Int) -> JSON? {
        let object = objects(level)[index]
        let isInTrouble = effectiveStatus(level, index) == .withIssues
        let kind = states[object.id]?.issue ?? (isInTrouble ? "HARD_ERROR" : object.hash % 61 == 0 ? "SOFT_ERROR" : "")
        guard !kind.isEmpty else { return nil }
        return [
            [
                "level": .string(level == .adset ? "AD_SET" : level.name.uppercased()),
                "error_code": kind == "HARD_ERROR" ? 1_815_869 : 2_446_394,
                "error_summary": kind == "HARD_ERROR" ? "Post is not available" : "Audience may be too small",
                "error_message": .string("\"\(object.name)\" needs attention: <b>see</b> https://fb.me/help – 🛠"),
                "error_type": .string(kind),
            ]
        ]
    }

    /// Ad sets learn for a week after their last edit. Some never get enough results.
    func learning(_ adSet: SimulatedObject, now: Int) -> JSON? {
        let isYoung = now - adSet.updated < 7 * 86_400
        let standard = isYoung ? "LEARNING" : adSet.hash % 7 == 0 ? "FAIL" : "SUCCESS"
        let status = states[adSet.id]?.learning ?? (adSet.hash % 11 == 0 ? "" : standard)
        guard !status.isEmpty else { return nil }
        return [
            "status": .string(status), "conversions": .int(Int(adSet.hash % 50)),
            "last_sig_edit_ts": .int(adSet.updated),
        ]
    }

    func reviewFeedback(_ index: Int) -> JSON? {
        let ad = ads[index]
        let state = states[ad.id]
        let isRefused = state?.isRefused ?? (effectiveStatus(.ad, index) == .disapproved)
        guard isRefused || state?.isRefusedInOnePlacement == true else { return nil }
        let reasons: JSON = ["Personal Health": "Ads must not imply \"before & after\" results.\n<i>Policy 4.2</i>"]
        return .present([
            ("global", isRefused ? reasons : nil),
            ("placement_specific", state?.isRefusedInOnePlacement == true ? ["instagram": reasons] : nil),
        ])
    }
}
