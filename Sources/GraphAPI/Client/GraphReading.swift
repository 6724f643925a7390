internal import HTTPMessages

/// Something that is read from the Graph API call by call: a list page by page, a report from its order to its last row.
/// A client reads several of them at the same time.
package protocol GraphReading: AnyObject {
    /// The call to make now; `nil` when all has been read.
    var call: GraphCall? { get }
    /// Processes the response to `call`, which then is the next call.
    /// - Throws: `GraphError` if the response is unusable, and errors of the callback.
    func take(_ answer: GraphAnswer) throws
    /// Changes `call` after it has failed.
    func adapt(_ adaptation: Adaptation) throws
    /// Decides how the reading continues after its call has finally failed.
    /// - Throws: The error, which then ends all readings. Without an error, `call` is another one or `nil`.
    func giveUp(_ error: GraphError) throws
}

extension GraphReading {
    package func giveUp(_ error: GraphError) throws { throw error }
}

/// A call to make.
package struct GraphCall {
    var method = "GET"
    /// Behind the version: `act_123/campaigns`.
    var path: String
    /// The query of a GET, the form of a POST.
    var parameters: QueryParameters
    var kind: CallKind
    /// Seconds to wait before it is made.
    var delay = 0.0
    var options = Retry.Options()
    /// How the names of fields become the parameter `fields`.
    var fieldsForm: (String) -> String = { $0 }

    /// The same call without some of its fields.
    func leavingOut(_ names: Set<String>) -> GraphCall {
        var call = self
        call.options.optionalFields.removeAll { names.contains(GraphList.name(of: $0)) }
        let fields = call.options.neededFields + call.options.optionalFields
        call.parameters.items = parameters.items.map { item in
            item.name == "fields" ? .init(name: "fields", value: fieldsForm(fields.joined(separator: ","))) : item
        }
        return call
    }
}
