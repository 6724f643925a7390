/// Fields of an ad account.
enum AccountField: String {
    case id
    case accountID = "account_id"
    case name
    case accountStatus = "account_status"
    case currency
    case timezoneName = "timezone_name"
    case timezoneID = "timezone_id"
    case timezoneOffset = "timezone_offset_hours_utc"
    case amountSpent = "amount_spent"
    case balance
    case spendCap = "spend_cap"
    case createdTime = "created_time"
    case business
    case disableReason = "disable_reason"
    case minDailyBudget = "min_daily_budget"
    case age
    case isPersonal = "is_personal"
    case isPrepayAccount = "is_prepay_account"
    case owner
}

extension SimulatedAccount {
    /// - Parameter now: unix seconds; offset, age and amount spent change with it.
    func accountValue(_ field: AccountField, now: Int) -> JSON? {
        switch field {
        case .id: .string("act_\(spec.id)")
        case .accountID: .string(spec.id)
        case .name: .string(spec.name)
        case .accountStatus: .int(state.status)
        case .currency: .string(spec.currency)
        case .timezoneName: .string(spec.timeZone)
        case .timezoneID:
            ["America/Los_Angeles": 1, "Europe/Berlin": 47, "Asia/Tokyo": 68][spec.timeZone].map(JSON.int)
        case .timezoneOffset: .double(Double(clock.offset(at: now)) / 3600)
        case .amountSpent:
            .string(
                String(state.amountSpent ?? max(now - created, 0) / 900 * (200 + ads.count) / (1000 / spec.minorUnits))
            )
        case .balance: .string(String(state.balance ?? Int(seed % 100_000)))
        case .spendCap: .string(String(state.spendCap))
        case .createdTime: .string(clock.text(created))
        case .business: ["id": .string(businessID), "name": .string(spec.name)]
        case .disableReason: .int(state.disableReason)
        case .minDailyBudget: .int(spec.minorUnits == 1 ? 150 : 100)
        case .age: .double(Double(max(now - created, 0) / 864) / 100)
        case .isPersonal: 0
        case .isPrepayAccount: false
        case .owner: .string(businessID)
        }
    }

    private var businessID: String { String(1_506_000_000_000_000 + seed % 999_999_999) }
}
