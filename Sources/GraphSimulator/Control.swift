import HTTPMessages

/// `/_control`: how tests order faults, edit objects and count calls. Needs no token and is no call itself.
extension GraphSimulator {
    func control(_ request: HTTPRequest, _ rest: [Substring]) -> HTTPResponse {
        switch (request.method, rest) {
        case ("GET", []):
            return Self.answer(calls.json)
        case ("POST", []):
            guard let order = JSON(parsing: request.body), let name = order["fault"]?.scalarText else {
                return Self.answer(["error": "a JSON object with \"fault\" is expected"], status: 400)
            }
            return obey(order, name)
        case ("DELETE", []):
            faults.clear()
            isFrozen = false
            return Self.answer(["success": true])
        case ("DELETE", ["calls"]):
            calls = CallCounts()
            return Self.answer(["success": true])
        default:
            return Self.answer(["error": "unknown control request"], status: 404)
        }
    }

    private func obey(_ order: JSON, _ name: String) -> HTTPResponse {
        switch name {
        case "freeze":
            isFrozen = true
        case "rename", "status":
            guard let id = order["id"]?.scalarText.flatMap({ Int($0) }), let place = world.object(id: id) else {
                return Self.answer(["error": "no object has this id"], status: 404)
            }
            let status = order["status"]?.scalarText.flatMap(Status.init)
            let newName = order["name"]?.scalarText
            guard name == "rename" ? newName != nil : status?.isSettable == true else {
                return Self.answer(["error": "\"name\", or a \"status\" that can be set, is missing"], status: 400)
            }
            world.change(place, at: time) { object in
                if name == "rename", let newName { object.name = newName }
                if name == "status", let status { object.status = status }
                return true
            }
        default:
            guard let known = Fault.Name(rawValue: name) else {
                return Self.answer(["error": "unknown fault"], status: 400)
            }
            let number = { (member: String) in order[member]?.scalarText.flatMap { Int($0) } }
            let account = order["account"]?.scalarText.map { $0.hasPrefix("act_") ? String($0.dropFirst(4)) : $0 }
            faults.order(
                Fault(
                    name: known,
                    path: order["path"]?.scalarText,
                    account: account,
                    value: number("value"),
                    times: number("times")
                )
            )
        }
        return Self.answer(["success": true])
    }

    private static func answer(_ body: JSON, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: ["Content-Type": "application/json; charset=UTF-8"], body: body.text)
    }
}

/// How many Graph calls came in, by method and kind of path: `GET act/campaigns`.
struct CallCounts {
    private var counts: [String: Int] = [:]

    mutating func add(_ kind: String) { counts[kind, default: 0] += 1 }

    var json: JSON {
        let calls = counts.sorted { $0.key < $1.key }.map { ($0.key, JSON.int($0.value)) }
        return ["calls": .object(calls), "total": .int(counts.values.reduce(0, +))]
    }
}
