internal import Model
internal import Store

// The parameter `fields`: names, groups and the word for the default, separated by commas.

extension AskedQuestion {
    /// The most names in `fields`.
    static let mostFields = 200
    /// The most custom conversions in `fields`. Each day of each ad is searched for each of them.
    static let mostConversions = 20
    /// The word for the columns that a table has by itself.
    static let defaultFields = "default"

    /// The columns to answer with; `nil` for those that rows have by themselves. Each name counts once. CSV has them in the
    /// order in which they were asked for, members of JSON have none, so that one choice is one cache entry.
    /// - Parameters:
    ///   - own: The names without the parameter. The first of them is always there.
    ///   - all: The names that rows can have.
    static func fields(
        _ parameters: Parameters,
        _ format: AnswerFormat,
        own: [String],
        all: [String],
        takesCustom: Bool = true
    ) throws -> [String]? {
        guard let text = parameters["fields"] else { return nil }
        let words = text.split(separator: ",").map { $0.trimmed }
        guard words.count <= mostFields else {
            throw RequestError.parameterInvalid("fields", "has more than \(mostFields) names")
        }
        var names = Array(own.prefix(1))
        for word in words where !word.isEmpty {
            if word == defaultFields {
                names += own
            } else if let group = Field.Group(rawValue: word) {
                names += all.filter { Field.named($0)?.group == group }
            } else if all.contains(word) || takesCustom && CustomConversion.id(inField: word) != nil {
                names.append(word)
            } else {
                throw RequestError.fieldUnknown(word)
            }
        }
        let chosen = Set(names)
        let conversions = chosen.filter { CustomConversion.id(inField: $0) != nil }.sorted()
        guard conversions.count <= mostConversions else {
            throw RequestError.parameterInvalid("fields", "has more than \(mostConversions) custom conversions")
        }
        guard chosen != Set(own) || format == .csv else { return nil }
        if format == .json { return all.filter(chosen.contains) + conversions }
        var seen: Set<String> = []
        names = names.filter { seen.insert($0).inserted }
        return names == own ? nil : names
    }
}
