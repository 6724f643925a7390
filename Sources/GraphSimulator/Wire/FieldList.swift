/// One entry of a `fields` parameter: `name`, or `creative{id,object_type}` with entries of its own.
struct RequestedField: Equatable {
    var name: String
    /// Of `creative.thumbnail_width(600){id}`.
    var arguments: [String: String] = [:]
    var children: [RequestedField]?

    /// Reads `a,b{c,d}`, or a JSON array of such texts.
    /// Throws Graph's syntax error for empty entries and unbalanced braces.
    static func list(_ text: String) throws(GraphError) -> [RequestedField] {
        if text.hasPrefix("["), let names = JSON(parsing: text.utf8)?.elements {
            return try list(names.compactMap(\.scalarText).joined(separator: ","))
        }
        var reader = Reader(text: text, characters: Array(text))
        let fields = try reader.fields()
        if let found = reader.current { throw .fieldSyntax(found, at: reader.place, in: text) }
        return fields
    }

    private struct Reader {
        let text: String
        let characters: [Character]
        var place = 0

        var current: Character? { place < characters.count ? characters[place] : nil }

        mutating func fields() throws(GraphError) -> [RequestedField] {
            var fields: [RequestedField] = []
            repeat {
                if !fields.isEmpty { place += 1 }
                fields.append(try field())
            } while current == ","
            return fields
        }

        private mutating func field() throws(GraphError) -> RequestedField {
            skipSpaces()
            let start = place
            while let character = current, character.isLetter || character.isNumber || character == "_" { place += 1 }
            guard place > start else {
                throw .fieldSyntax(current ?? ",", at: current == nil ? max(place - 1, 0) : place, in: text)
            }
            var field = RequestedField(name: String(characters[start..<place]))
            field.arguments = try arguments()
            skipSpaces()
            if current == "{" {
                place += 1
                field.children = try fields()
                guard current == "}" else { throw .fieldSyntax(current ?? "{", at: place, in: text) }
                place += 1
                skipSpaces()
            }
            return field
        }

        /// `.limit(5).thumbnail_width(600)`
        private mutating func arguments() throws(GraphError) -> [String: String] {
            var arguments: [String: String] = [:]
            while current == "." {
                place += 1
                let start = place
                while let character = current, character.isLetter || character == "_" { place += 1 }
                let name = String(characters[start..<place])
                guard !name.isEmpty, current == "(", let end = characters[place...].firstIndex(of: ")") else {
                    throw .fieldSyntax(current ?? ".", at: min(place, characters.count - 1), in: text)
                }
                arguments[name] = String(characters[(place + 1)..<end])
                place = end + 1
            }
            return arguments
        }

        private mutating func skipSpaces() {
            while current == " " { place += 1 }
        }
    }
}

/// The fields of one kind of node, checked once and then read for many nodes.
struct Selection {
    enum Item {
        case own(ObjectField)
        case account(AccountField)
        case creative(CreativeSelection)
        /// A parent with fields of its own: `campaign{name}` of an ad.
        case parent(String, Level, Selection)
    }

    let items: [Item]

    /// - Parameter text: the `fields` parameter; nil or empty stands for the default fields.
    init(_ text: String?, of level: Level) throws(GraphError) {
        guard let text, !text.isEmpty else {
            items = level == .account ? [.account(.accountID), .account(.id)] : [.own(.id)]
            return
        }
        items = try Self.items(RequestedField.list(text), of: level)
    }

    private init(items: [Item]) {
        self.items = items
    }

    private static func items(_ requested: [RequestedField], of level: Level) throws(GraphError) -> [Item] {
        var items: [Item] = []
        for field in requested {
            items.append(try item(field, of: level))
        }
        let namesID = requested.contains { $0.name == "id" }
        // Graph adds `id` to every node.
        if !namesID { items.append(level == .account ? .account(.id) : .own(.id)) }
        return items
    }

    private static func item(_ field: RequestedField, of level: Level) throws(GraphError) -> Item {
        if level == .account {
            guard let own = AccountField(rawValue: field.name) else {
                throw .unknownField(field.name, on: level.nodeType)
            }
            return .account(own)
        }
        if field.name == "creative", level == .ad {
            return .creative(try CreativeSelection(field.children) { field.arguments[$0] })
        }
        if let parent = Level(name: field.name), parent != .account, parent < level {
            return .parent(field.name, parent, Selection(items: try items(field.children ?? [], of: parent)))
        }
        guard let own = ObjectField(rawValue: field.name), own.exists(on: level) else {
            throw .unknownField(field.name, on: level.nodeType)
        }
        return .own(own)
    }
}
