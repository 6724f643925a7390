internal import HTTPMessages
package import Model

/// Facebook's response about one object that was requested by its id.
package enum Lookup: Sendable, Equatable {
    case exists
    /// Facebook does not know it, or says that it is deleted.
    case gone
    /// Facebook answers neither: the token may not see it, or the call fails.
    case unknown
}

/// Looks up one object by its id. An object that is not there is an answer here, and no error.
package final class LookupReading: GraphReading {
    private let id: String
    private let done: (Lookup) -> Void
    private var isRead = false

    init(_ id: String, done: @escaping (Lookup) -> Void) {
        self.id = id
        self.done = done
    }

    package var call: GraphCall? {
        isRead
            ? nil
            : GraphCall(
                path: id,
                parameters: .init([.init(name: "fields", value: "id,effective_status")]),
                kind: .objects
            )
    }

    package func take(_ answer: GraphAnswer) throws {
        let lookup: Lookup
        do {
            let object = try answer.read { document throws(GraphError) -> WireValue in
                guard document["id"] != nil else {
                    throw .unreadable("Facebook's response cannot be read: it is not a JSON object")
                }
                return document
            }
            let isDeleted = object["effective_status"] == .text("DELETED")
            lookup = object["id"].flatMap(WireRow.id) != id ? .unknown : isDeleted ? .gone : .exists
        } catch {
            switch error.kind {
            case .notFound: lookup = .gone
            case .permissionMissing, .rejected, .unknown, .fieldRefused, .objectUnreadable: lookup = .unknown
            default: throw error
            }
        }
        isRead = true
        done(lookup)
    }

    package func adapt(_ adaptation: Adaptation) {}
}

@available(*, unavailable)
extension LookupReading: Sendable {}

extension GraphClient {
    /// Looks up one campaign, ad set or ad.
    package static func lookup(_ id: String, done: @escaping (Lookup) -> Void) -> any GraphReading {
        LookupReading(id, done: done)
    }

    /// Counts the account's objects of a level, of every status.
    package static func count(
        _ level: Level,
        of account: AccountSummary,
        done: @escaping (Int?) -> Void
    ) -> any GraphReading {
        CountReading(.objects(level, of: account, fields: ["id"], needed: 1, since: nil), done: done)
    }
}
