/// Orders that change what Facebook has found about an object or an account, as no advertiser could.
extension GraphSimulator {
    func change(_ order: Order) throws(OrderError) -> [(String, JSON)] {
        guard let id = order.number("id") else {
            guard let account = order.account.map({ world.account(id: $0) }) ?? 0 else {
                throw OrderError(status: 404, message: "no such account")
            }
            world.update(account) { $0.state.obey(order) }
            return []
        }
        guard let place = world.object(id: id) else { throw OrderError(status: 404, message: "no object has this id") }
        world.update(place.account) { $0.states[id, default: ObjectState()].obey(order) }
        return []
    }
}

extension ObjectState {
    fileprivate mutating func obey(_ order: Order) {
        issue = order.text("issue") ?? issue
        learning = order.text("learning") ?? learning
        switch order.text("refused") {
        case "everywhere": isRefused = true
        case "instagram": isRefusedInOnePlacement = true
        case "nowhere": (isRefused, isRefusedInOnePlacement) = (false, false)
        default: break
        }
    }
}

extension AccountState {
    fileprivate mutating func obey(_ order: Order) {
        status = order.number("status") ?? status
        disableReason = order.number("disable_reason") ?? disableReason
        spendCap = order.number("spend_cap") ?? spendCap
        amountSpent = order.number("amount_spent") ?? amountSpent
        balance = order.number("balance") ?? balance
    }
}
