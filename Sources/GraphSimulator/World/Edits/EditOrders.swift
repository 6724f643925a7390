/// Orders that edit objects, as an advertiser would, and those that no advertiser could give.
extension GraphSimulator {
    func edit(_ order: Order) throws(OrderError) -> [(String, JSON)] {
        switch order.fault {
        case "create": return try create(order)
        case "orphan": return try orphan(order)
        default: break
        }
        guard let place = order.number("id").flatMap(world.object) else {
            throw OrderError(status: 404, message: "no object has this id")
        }
        switch order.fault {
        case "purge":
            world.purge(place, at: time)
        case "hide":
            world.hideFamily(place, .gone)
        case "show":
            world.hideFamily(place, .listed)
            // Of what comes back, only this object counts as updated.
            world.change(place, at: time) { _ in true }
        case "rename", "status":
            let status = order.text("status").flatMap(Status.init)
            let name = order.text("name")
            guard order.fault == "rename" ? name != nil : status?.isSettable == true else {
                throw OrderError(status: 400, message: "\"name\", or a \"status\" that can be set, is missing")
            }
            world.change(place, at: time) { object in
                if order.fault == "rename", let name { object.name = name }
                if order.fault == "status", let status { object.status = status }
                return true
            }
        default:
            guard world.set(place, at: time, { $0.obey(order) }) else {
                throw OrderError(status: 400, message: "this object has no such setting, or its value is missing")
            }
        }
        return []
    }

    private func create(_ order: Order) throws(OrderError) -> [(String, JSON)] {
        guard let level = order.text("level").flatMap(Level.init(name:)), level != .account else {
            throw OrderError(status: 400, message: "\"level\" must be campaign, adset or ad")
        }
        guard let parent = place(ofParent: order) else { throw OrderError(status: 404, message: "no such parent") }
        guard parent.level.rawValue == level.rawValue - 1 else {
            throw OrderError(status: 400, message: "the parent is of the wrong kind")
        }
        let id = world.create(
            level,
            below: parent,
            name: order.text("name"),
            status: order.text("status").flatMap(Status.init) ?? .active,
            at: time
        )
        return [("id", .string(String(id)))]
    }

    private func place(ofParent order: Order) -> ObjectPlace? {
        guard let parent = order.text("parent") ?? order.account.map({ "act_\($0)" }) else { return nil }
        guard parent.hasPrefix("act_") else { return Int(parent).flatMap(world.object) }
        return world.account(id: parent.dropFirst(4)).map { ObjectPlace(account: $0, level: .account, index: 0) }
    }

    /// Takes the ad set of an ad out of the listings.
    private func orphan(_ order: Order) throws(OrderError) -> [(String, JSON)] {
        let wanted = order.number("id").flatMap(world.object)
        let account = wanted?.account ?? order.account.map { world.account(id: $0) } ?? 0
        guard let account else { throw OrderError(status: 404, message: "no such account") }
        let ads = world.accounts[account].ads
        let newest = ads.indices.last { world.accounts[account].effectiveStatus(.ad, $0) == .active }
        guard let ad = wanted.map({ $0.level == .ad ? $0.index : nil }) ?? newest else {
            throw OrderError(status: 404, message: "no such ad")
        }
        let adSet = ObjectPlace(account: account, level: .adset, index: ads[ad].parent)
        world.hide(adSet, order.flag("gone") ? .gone : .unlisted)
        let id = world.accounts[account].adSets[adSet.index].id
        return [("ad", .string(String(ads[ad].id))), ("adset", .string(String(id)))]
    }
}

extension ObjectSettings {
    /// - Returns: false when the order does not say what.
    mutating func obey(_ order: Order) -> Bool {
        switch order.fault {
        case "budget":
            guard let amount = order.number("value"), amount >= 0 else { return false }
            budget = amount
            isLifetime = order.flag("lifetime")
        case "bid":
            guard let amount = order.number("value") else { return false }
            bid = amount
        case "schedule":
            guard order["start"] != nil || order["end"] != nil else { return false }
            start = order.number("start") ?? start
            end = order.number("end") ?? end
        default: return false
        }
        return true
    }
}
