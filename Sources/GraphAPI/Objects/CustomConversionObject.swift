package import Model

enum CustomConversionObject {
    static let fields = ["id", "name", "custom_event_type"]
    static let needed = 1

    static func read(_ row: inout WireRow) throws(UnusableRow) -> CustomConversion {
        let id = try row.requiredID("id", mostDigits: CustomConversion.mostDigits)
        return CustomConversion(id: id, name: row.name("name"), event: row.optionalWord("custom_event_type"))
    }
}

extension GraphClient {
    /// The account's custom conversions.
    package static func customConversions(
        _ account: AdAccount,
        page: @escaping (ListPage<CustomConversion>) throws -> Void,
        restarted: @escaping () throws -> Void
    ) -> any GraphReading {
        ListReading(
            GraphList(
                path: "act_\(account.facebookID)/customconversions",
                noun: "custom conversion",
                kind: .objects,
                fields: CustomConversionObject.fields,
                needed: CustomConversionObject.needed,
                parameters: [],
                asksForTotal: false
            ),
            at: ListPosition(pageSize: 100),
            key: \.id.hashValue,
            most: { 10_000 },
            reading: { row throws(UnusableRow) in try CustomConversionObject.read(&row) },
            page: page,
            restarted: restarted
        )
    }
}
