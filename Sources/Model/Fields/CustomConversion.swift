internal import ASCII

/// A conversion that an advertiser has defined at Facebook. Answers have its number under the name `conversion:<id>`.
package struct CustomConversion: Sendable, Equatable {
    /// Facebook's id, which is digits.
    package let id: String
    /// `nil` if Facebook does not list it.
    package let name: String?
    /// Facebook's word for the kind of event, such as `LEAD`.
    package let event: String?

    package init(id: String, name: String?, event: String?) {
        self.id = id
        self.name = name
        self.event = event
    }

    /// Before the id in the names of fields.
    package static let prefix = "conversion:"
    /// Before the id in Facebook's action types.
    package static let actionType = "offsite_conversion.custom."
    /// The most digits of an id.
    package static let mostDigits = 20

    /// The id in the name of a field; `nil` for every other text.
    package static func id(inField name: some StringProtocol) -> String? { id(after: prefix, in: name) }

    /// The id in an action type.
    package static func id(inAction type: some StringProtocol) -> String? { id(after: actionType, in: type) }

    private static func id(after prefix: String, in text: some StringProtocol) -> String? {
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        let id = String(text.dropFirst(prefix.count))
        return !id.isEmpty && id.utf8.count <= mostDigits && id.isDigits ? id : nil
    }
}
