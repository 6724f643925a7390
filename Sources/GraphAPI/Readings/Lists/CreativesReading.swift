internal import HTTPMessages
package import Model

/// Reads creatives by way of ads that show them, a page at a time. Facebook filters ads by id, creatives not at all. A creative
/// that cannot be read fails its page, so the creatives of such a page are read one by one.
package final class CreativesReading: GraphReading {
    private let account: String
    private var pages: [[WantedCreative]]
    private var singles: [String]
    private let took: ([Creative]) throws -> Void
    private let failed: (String, GraphError) throws -> Void
    /// Fields that Facebook refuses.
    package private(set) var refusedFields: Set<String>

    /// - Parameters:
    ///   - wanted: at most a page.
    ///   - took: Receives creatives.
    ///   - failed: Receives the id of a creative that cannot be read, and why.
    init(
        _ wanted: [WantedCreative],
        of account: String,
        refusedFields: Set<String>,
        took: @escaping ([Creative]) throws -> Void,
        failed: @escaping (String, GraphError) throws -> Void
    ) {
        self.account = account
        self.refusedFields = refusedFields
        self.took = took
        self.failed = failed
        let shown = wanted.filter { $0.adID != nil }
        pages = shown.isEmpty ? [] : [shown]
        singles = wanted.filter { $0.adID == nil }.map(\.id)
    }

    private var optionalFields: [String] {
        CreativeObject.fields.dropFirst(CreativeObject.needed).filter { !refusedFields.contains($0) }
    }
    private var neededFields: [String] { Array(CreativeObject.fields.prefix(CreativeObject.needed)) }

    package var call: GraphCall? {
        let fields = (neededFields + optionalFields).joined(separator: ",")
        var options = Retry.Options(neededFields: neededFields, optionalFields: optionalFields)
        if let page = pages.first {
            let ids = page.compactMap(\.adID).map { "\"\($0)\"" }.joined(separator: ",")
            let conditions = [GraphList.anyStatus(.ad), #"{"field":"ad.id","operator":"IN","value":[\#(ids)]}"#]
            options.pageSize = page.count
            options.isReadSingly = true
            return GraphCall(
                path: "act_\(account)/ads",
                parameters: .init([
                    .init(name: "fields", value: Self.nested(fields)),
                    .init(name: "filtering", value: "[\(conditions.joined(separator: ","))]"),
                    .init(name: "limit", value: String(page.count)),
                ]),
                kind: .objects,
                options: options,
                fieldsForm: Self.nested
            )
        }
        return singles.first.map { id in
            let size = String(CreativeObject.thumbnailSize)
            return GraphCall(
                path: id,
                parameters: .init([
                    .init(name: "fields", value: fields), .init(name: "thumbnail_width", value: size),
                    .init(name: "thumbnail_height", value: size),
                ]),
                kind: .objects,
                options: options
            )
        }
    }

    private static func nested(_ fields: String) -> String {
        let size = CreativeObject.thumbnailSize
        return "id,creative.thumbnail_width(\(size)).thumbnail_height(\(size)){\(fields)}"
    }

    package func take(_ answer: GraphAnswer) throws {
        guard let page = pages.first else { return try takeSingle(answer) }
        let received = try answer.read { document throws(GraphError) in try Page(document, "act_\(account)/ads") }
        let wanted = Set(page.map(\.id))
        var creatives: [String: Creative] = [:]
        for row in received.rows {
            guard let value = row["creative"] else { continue }
            var row = WireRow(value, "creative", refusedFields: refusedFields)
            guard let creative = try? CreativeObject.read(&row), wanted.contains(creative.id) else { continue }
            creatives[creative.id] = creative
        }
        let missing = page.filter { creatives[$0.id] == nil }
        pages.removeFirst()
        if creatives.isEmpty || missing.isEmpty {
            // The ads have other creatives by now, or are gone.
            singles += missing.map(\.id)
        } else {
            pages.insert(missing, at: 0)
        }
        try took(Array(creatives.values))
    }

    private func takeSingle(_ answer: GraphAnswer) throws {
        let id = singles[0]
        let creative = try answer.read { document throws(GraphError) -> Creative in
            var row = WireRow(document, "creative", refusedFields: refusedFields)
            do throws(UnusableRow) {
                return try CreativeObject.read(&row)
            } catch {
                throw .unreadable("Facebook's response cannot be read: \(error.defect)")
            }
        }
        singles.removeFirst()
        guard creative.id == id else {
            return try failed(id, .unreadable("Facebook returned another creative than \(id)"))
        }
        try took([creative])
    }

    package func adapt(_ adaptation: Adaptation) {
        switch adaptation {
        case .smallerPage:
            guard let page = pages.first, page.count > 1 else { return }
            pages[0] = Array(page.prefix(page.count / 2))
            pages.insert(Array(page.dropFirst(page.count / 2)), at: 1)
        case .withoutFields(let names): refusedFields.formUnion(names)
        case .restart, .report: break
        }
    }

    package func giveUp(_ error: GraphError) throws {
        switch error.kind {
        case .objectUnreadable, .rejected, .unknown, .tooMuchData, .tooSlow, .fieldRefused: break
        case .notFound where pages.isEmpty, .permissionMissing where pages.isEmpty: break
        default: throw error
        }
        if let page = pages.first {
            pages.removeFirst()
            singles += page.map(\.id)
        } else {
            try failed(singles.removeFirst(), error)
        }
    }
}

@available(*, unavailable)
extension CreativesReading: Sendable {}

extension GraphClient {
    /// The most creatives on a page: with their stories they are large.
    package static let creativesOnPage = 50

    /// Reads creatives, at most a page.
    package static func creatives(
        _ wanted: [WantedCreative],
        of account: String,
        refusedFields: Set<String>,
        took: @escaping ([Creative]) throws -> Void,
        failed: @escaping (String, GraphError) throws -> Void
    ) -> CreativesReading {
        CreativesReading(wanted, of: account, refusedFields: refusedFields, took: took, failed: failed)
    }
}
