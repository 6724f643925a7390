import HTTPMessages

/// `/_control`: how tests order faults, edit objects and count calls. Needs no token and is no call itself.
extension GraphSimulator {
    func control(_ request: HTTPRequest, _ rest: [Substring]) -> HTTPResponse {
        switch (request.method, rest) {
        case ("GET", []):
            return Self.answer(
                .object(
                    calls.members + [
                        ("whileBlocked", .int(quota.whileBlocked)), ("refused", .int(quota.refused)),
                        ("pictures", .int(pictureRequests)),
                    ]
                )
            )
        case ("POST", []):
            guard let order = Order(request.body) else {
                return Self.answer(["error": "a JSON object with \"fault\" is expected"], status: 400)
            }
            do {
                return Self.answer(.object([("success", true)] + (try obey(order))))
            } catch {
                return Self.answer(["error": .string(error.message)], status: error.status)
            }
        case ("DELETE", []):
            clear()
            return Self.answer(["success": true])
        case ("DELETE", ["calls"]):
            calls = CallCounts()
            pictureRequests = 0
            quota.forgetCounts()
            return Self.answer(["success": true])
        default:
            return Self.answer(["error": "unknown control request"], status: 404)
        }
    }

    /// - Returns: what the one who ordered may want to know.
    private func obey(_ order: Order) throws(OrderError) -> [(String, JSON)] {
        switch order.fault {
        case "freeze":
            isFrozen = true
            return []
        case "version_expired", "version_warning", "version_drops":
            versionsBefore = versionsBefore ?? versions
            versions.obey(order)
            return []
        case "login", "token_facts":
            login.obey(order)
            return []
        case "quota":
            try quota.obey(order)
            return []
        case "churn":
            listings.addChurn(order)
            return []
        case "rename", "status", "budget", "bid", "schedule", "create", "purge", "orphan", "hide", "show":
            return try edit(order)
        case "state":
            return try change(order)
        case "restate":
            return restate(order)
        case "creative", "creative_broken": return try orderCreative(order)
        case "picture":
            try orderPictureFault(order)
            return []
        default:
            guard let fault = Fault(order) else { throw OrderError(status: 400, message: "unknown fault") }
            if fault.name == .fieldRefused, order.text("field") == nil {
                throw OrderError(status: 400, message: "\"field\" is missing")
            }
            if fault.name == .damagedValues, order.text("kind").flatMap(DamagedValues.init) == nil {
                throw OrderError(status: 400, message: "\"kind\" is missing, or unknown")
            }
            faults.order(fault)
            return []
        }
    }

    /// Takes back what was switched on. Edited objects and restated numbers stay.
    private func clear() {
        faults.clear()
        brokenCreatives = [:]
        pictureFaults = []
        login.forgetOrders()
        isFrozen = false
        versions = versionsBefore ?? versions
        versionsBefore = nil
        quota = Quota(keepingCountsOf: quota)
        listings = Listings()
    }

    private static func answer(_ body: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json; charset=UTF-8"], body: body.text)
    }
}

/// Why an order cannot be obeyed.
struct OrderError: Error {
    let status: Int
    let message: String
}

/// How many Graph calls came in, by method and kind of path: `GET act/campaigns`.
struct CallCounts {
    private var counts: [String: Int] = [:]

    mutating func add(_ kind: String) { counts[kind, default: 0] += 1 }

    var members: [(String, JSON)] {
        let calls = counts.sorted { $0.key < $1.key }.map { ($0.key, JSON.int($0.value)) }
        return [("calls", .object(calls)), ("total", .int(counts.values.reduce(0, +)))]
    }
}
