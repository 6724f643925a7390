import HTTPMessages

/// A conversion that an advertiser has defined. The names are what people may type.
struct CustomConversionSpec {
    let id: Int
    let name: String
    let event: String
    /// How many of them there are in what ads had. They add up.
    let count: (Delivery) -> Int
}

extension SimulatedAccount {
    var customConversions: [CustomConversionSpec] {
        let first = 1_200_000_000_000_000 + Int(seed % 100_000_000_000) * 10
        return [
            CustomConversionSpec(id: first, name: "Newsletter <b>\"signup\"</b> · 100%", event: "LEAD") { $0.landings },
            CustomConversionSpec(id: first + 1, name: "=HYPERLINK(\"http://x\")", event: "OTHER") {
                $0.purchases + $0.events.reactions
            },
            CustomConversionSpec(id: first + 2, name: "\u{202E}\u{5E9}\u{5DC}\u{5D5}\u{5DD} 👩‍👩‍👧", event: "PURCHASE") {
                $0.events.shares
            },
        ]
    }

    /// The entries of `actions`.
    func customActions(_ sum: Delivery) -> [(String, Int)] {
        customConversions.map { ("offsite_conversion.custom.\($0.id)", $0.count(sum)) }
    }
}

extension GraphSimulator {
    /// One page of an account's custom conversions.
    func customConversionsPage(of account: Int, _ parameters: QueryParameters, limit: Int) throws(GraphError) -> Page {
        let all = world.accounts[account].customConversions
        let start = try Cursor.start(parameters, in: all.map(\.id))
        let listed = Array(all.dropFirst(start).prefix(limit))
        return Page(
            data: listed.map {
                ["id": .string(String($0.id)), "name": .string($0.name), "custom_event_type": .string($0.event)]
            },
            before: listed.first.map { Cursor.object($0.id) },
            after: listed.last.map { Cursor.object($0.id) },
            hasNext: start + listed.count < all.count,
            hasPrevious: start > 0
        )
    }
}
