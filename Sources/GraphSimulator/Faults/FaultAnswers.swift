import HTTPMessages

extension Fault {
    /// What the client gets to see.
    /// - Parameters:
    ///   - regular: the answer without the fault.
    ///   - trace: for `fbtrace_id`.
    func response(to call: Call, regular: () -> HTTPResponse, trace: String) -> HTTPResponse {
        if let error = error(for: call) { return shaped(error, trace: trace) }
        switch name {
        case .serverErrorHTML:
            return Self.text(
                "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong."
                    + "</h1><p>We're working on it and we'll get it fixed as soon as we can.</p></body></html>",
                type: "text/html; charset=\"utf-8\"",
                status: order.number("status") ?? 503,
                retryAfter: order.text("retry_after")
            )
        case .emptyBody: return HTTPResponse(status: order.number("status") ?? 200)
        case .emptyError: return HTTPResponse(status: 200, body: JSON.object([("error", .object([]))]).text)
        case .serviceUnavailableText: return Self.text("Service Unavailable", type: "text/plain")
        case .successFalse: return HTTPResponse(status: 200, body: JSON.object([("success", false)]).text)
        case .redirect:
            let location = "https://elsewhere.example\(call.request.path)"
            return HTTPResponse(status: 302, headers: ["Location": location])
        default: return damaged(regular())
        }
    }

    private static func text(
        _ text: String,
        type: String,
        status: Int = 200,
        retryAfter: String? = nil
    ) -> HTTPResponse {
        var response = HTTPResponse(status: status, headers: ["Content-Type": type], body: Array(text.utf8))
        if let retryAfter { response.headers["Retry-After"] = retryAfter }
        return response
    }

    private func damaged(_ regular: HTTPResponse) -> HTTPResponse {
        var response = regular
        switch name {
        case .nullError:
            guard regular.body.first == UInt8(ascii: "{") else { return regular }
            response.body = Array(#"{"error":null,"#.utf8) + regular.body.dropFirst()
        case .bodyNotJSON:
            response.body = half(regular.body)
        case .bodyTruncated:
            response.headers["Content-Length"] = String(regular.body.count)
            response.body = half(regular.body)
        case .gzipBroken:
            response.headers["Content-Encoding"] = "gzip"
            response.body = Gzip.broken(regular.body)
        case .gzipTruncated:
            response.headers["Content-Encoding"] = "gzip"
            response.body = half(Gzip.stored(regular.body))
        case .wrongTypes:
            if let body = JSON(parsing: regular.body) { response.body = WrongTypes.make(value ?? 1, of: body).text }
        case .damagedValues:
            guard let kind = order.text("kind").flatMap(DamagedValues.init), let body = JSON(parsing: regular.body)
            else { return regular }
            response.body = kind.make(of: body, id: order.text("id"))
        case .huge:
            guard regular.body.last == UInt8(ascii: "}") else { return regular }
            let letters = [UInt8](repeating: UInt8(ascii: "x"), count: (value ?? 16) << 20)
            response.body = regular.body.dropLast() + Array(",\"padding\":\"".utf8) + letters + Array("\"}".utf8)
        default: break
        }
        return response
    }

    private func half(_ body: [UInt8]) -> [UInt8] { Array(body.prefix(max(body.count / 2, 1))) }
}

/// Answers of the right form with wrong types in them.
enum WrongTypes {
    static func make(_ variant: Int, of body: JSON) -> JSON {
        switch variant {
        case 2: body.changing("data") { _ in ["first", "second"] }
        case 3: body.mapMembers { name, value in name == "id" || name.hasSuffix("_id") ? number(value) : value }
        case 4: body.changing("paging") { _ in "paging" }
        case 5: body.mapMembers { name, value in name == "spend" ? ["value": value] : value }
        default: body.changing("data") { data in ["0": data] }
        }
    }

    /// The same digits without quotes; `act_1` stays.
    private static func number(_ value: JSON) -> JSON {
        guard case .string(let text) = value, let number = Int(text) else { return value }
        return .int(number)
    }
}

extension JSON {
    fileprivate func changing(_ name: String, _ change: (JSON) -> JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        var isThere = false
        let changed = members.map { member in
            guard member.0 == name else { return member }
            isThere = true
            return (name, change(member.1))
        }
        return .object(isThere ? changed : changed + [(name, change(.null))])
    }

    /// Changes every member of every object, however deep.
    fileprivate func mapMembers(_ change: (String, JSON) -> JSON) -> JSON {
        switch self {
        case .object(let members): .object(members.map { ($0.0, change($0.0, $0.1.mapMembers(change))) })
        case .array(let elements): .array(elements.map { $0.mapMembers(change) })
        default: self
        }
    }
}
