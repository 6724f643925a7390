/// The ways in which Facebook refuses fields.
enum RefusalWording: String {
    /// `(#100) Tried accessing nonexisting field (x) on node type (AdSet)`, one name; of insights: `x is not valid …`.
    case usual
    /// `(#100) reach, action_values are not valid for fields param. please check …`
    case plural
    /// `(#12) x field is deprecated for versions v23.0 and higher`
    case deprecated
    /// `(#100) For field 'x': …`
    case forField = "for_field"
    /// `(#3) App must be on whitelist`: no name.
    case capability
    /// `(#10) Application does not have permission for this action`: no name.
    case permission
    /// `(#100) Invalid parameter`: no name.
    case silent
}

extension Fault {
    /// The refused fields that a call asks for.
    func refusedFields(of call: Call) -> [String] {
        let refused = (order.text("field") ?? "").split(separator: ",").map(String.init)
        let asked = call.fieldNames
        return refused.filter(asked.contains)
    }

    /// - Parameter fields: at least one.
    func refusal(of fields: [String], _ call: Call) -> GraphError {
        let first = fields.first ?? ""
        switch order.number("code") {
        case 3: return RefusalWording.capability.error(fields, on: call)
        case 10: return RefusalWording.permission.error(fields, on: call)
        case 12: return RefusalWording.deprecated.error(fields, on: call)
        case 200:
            let message = "(#200) Requires business_management permission to manage the object"
            return GraphError(status: 403, code: 200, message: message)
        default: break
        }
        if let wording = order.text("wording").flatMap(RefusalWording.init) { return wording.error(fields, on: call) }
        return RefusalWording.usual.error([first], on: call)
    }
}

extension RefusalWording {
    func error(_ fields: [String], on call: Call) -> GraphError {
        let first = fields.first ?? ""
        switch self {
        case .usual:
            return call.route.isInsights ? .unknownColumn(first) : .unknownField(first, on: call.route.nodeType)
        case .plural:
            let verb = fields.count == 1 ? "is" : "are"
            return .parameter(
                "\(fields.joined(separator: ", ")) \(verb) not valid for fields param. please check "
                    + "https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid values"
            )
        case .deprecated:
            return GraphError(
                code: 12,
                message: "(#12) \(first) field is deprecated for versions \(call.version) and higher"
            )
        case .forField:
            return .parameter("For field '\(first)': The requested field cannot be read with this access token")
        case .capability: return GraphError(code: 3, message: "(#3) App must be on whitelist")
        case .permission:
            return GraphError(code: 10, message: "(#10) Application does not have permission for this action")
        case .silent: return .parameter("Invalid parameter")
        }
    }
}
