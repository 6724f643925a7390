internal import ASCII
internal import HTTPMessages
internal import Model
internal import Store

/// Names one picture in caches: the account's copy in one width. It never changes, because the name is made of its content.
struct PictureKey: Equatable {
    let account: AdAccount.ID
    let asked: AskedPicture

    /// `media:6fa1…:9f86…:256`
    var text: String { "media:\(account):\(asked.name):\(asked.width)" }

    init(account: AdAccount.ID, _ asked: AskedPicture) {
        self.account = account
        self.asked = asked
    }

    /// Reads what `text` wrote, if it is about the same picture.
    init?(_ text: String, of asked: AskedPicture) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "media", parts[2] == asked.name, parts[3] == "\(asked.width)" else {
            return nil
        }
        self.init(account: AdAccount.ID(rawValue: String(parts[1])), asked)
    }

    var tag: EntityTag { EntityTag("media-\(asked.name.prefix(32))-\(asked.width)") }
}

/// The picture that a request names.
struct AskedPicture: Equatable {
    let name: String
    let width: Int

    static let standardWidth = 256
    /// Hexadecimal digits of a name.
    static let nameLength = 64

    init(_ request: HTTPRequest, named name: String) throws {
        let parameters = try Parameters(request, of: .picture)
        width = try Self.width(parameters)
        let isName = name.utf8.count == Self.nameLength && name.utf8.allSatisfy { Hexadecimal.digit($0) != nil }
        guard isName, name == name.lowercased() else {
            throw RequestError.parameterInvalid("name", "is not the name of a picture, which has 64 hexadecimal digits")
        }
        self.name = name
    }

    private static func width(_ parameters: Parameters) throws -> Int {
        guard let text = parameters["w"] else { return standardWidth }
        guard let width = Thumbnail.widths.first(where: { "\($0)" == text }) else {
            let widths = Thumbnail.widths.map(String.init).joined(separator: ", ")
            throw RequestError.parameterInvalid("w", "is not one of \(widths)")
        }
        return width
    }
}
