internal import HTTPMessages
internal import Model
internal import Store

extension Endpoints {
    /// `{"conversionEvent": "leads"}`; `null` or `purchases` for purchases.
    private struct AccountChange: Decodable {
        /// `nil` if the member is absent.
        let event: String??

        private enum CodingKeys: String, CodingKey {
            case conversionEvent
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            guard members.contains(.conversionEvent) else {
                event = nil
                return
            }
            event = .some(try members.decodeIfPresent(String.self, forKey: .conversionEvent))
        }
    }

    /// PUT /api/ad-accounts/{id}
    func changeAdAccount(_ request: HTTPRequest) throws -> HTTPResponse {
        let example = #"{"conversionEvent": "leads"}"#
        _ = try admitChange(request)
        let input = try body(of: request, as: AccountChange.self, like: example)
        guard let name = input.event else { throw RequestError.bodyInvalid("conversionEvent is missing.", example) }
        let event = name.flatMap { ConversionEvent($0) }
        guard event != nil || name == nil || name == ConversionEvent.standard else {
            let names = ConversionEvent.names.joined(separator: ", ")
            throw RequestError.bodyInvalid(
                "conversionEvent is neither null, nor conversion:<id>, nor one of \(names).",
                example
            )
        }
        let id = request.path.split(separator: "/").last.map(String.init) ?? ""
        let (admission, account) = try admit(request, as: .owner, of: AccountReference(id))
        if try store.setConversionEvent(event, of: account.id) {
            try store.note(
                .conversionEventSet,
                by: admission.email,
                from: request.clientAddress,
                account: account.facebookID,
                event?.name ?? ConversionEvent.standard
            )
        }
        return json(
            200,
            ChangedAccount(
                id: account.id.rawValue,
                facebookID: account.facebookID,
                conversionEvent: event?.name ?? ConversionEvent.standard
            )
        )
    }
}

extension Endpoints {
    /// GET /api/custom-conversions
    func listCustomConversions(_ request: HTTPRequest) throws -> HTTPResponse {
        let account = try admitToAccount(request, of: .customConversions)
        let conversions = try store.customConversions(of: account.id)
        return json(200, ["customConversions": conversions.map(CustomConversionAnswer.init)])
    }
}

private struct CustomConversionAnswer: Encodable {
    let id: String
    let field: String
    let name: String?
    let event: String?

    init(_ conversion: CustomConversion) {
        id = conversion.id
        field = CustomConversion.prefix + conversion.id
        name = conversion.name
        event = conversion.event
    }
}

private struct ChangedAccount: Encodable {
    let id: String
    let facebookID: String
    let conversionEvent: String

    private enum CodingKeys: String, CodingKey {
        case id
        case facebookID = "facebook_id"
        case conversionEvent
    }
}
