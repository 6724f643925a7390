/// How a page is misshapen before it is written.
struct PageShape: OptionSet {
    let rawValue: Int

    /// Half as many rows as asked.
    static let short = PageShape(rawValue: 1)
    /// No rows, though more follow.
    static let empty = PageShape(rawValue: 2)
    /// `next` without `cursors`.
    static let withoutCursors = PageShape(rawValue: 4)
    /// The cursor leads to where the page began.
    static let looping = PageShape(rawValue: 8)
    /// The first page's rows for ever, with new cursors.
    static let repeating = PageShape(rawValue: 16)
    /// After the first page no rows for ever, with new cursors.
    static let trailing = PageShape(rawValue: 32)
    /// Without `paging`.
    static let withoutPaging = PageShape(rawValue: 64)
    /// Without the count that was asked for.
    static let withoutCount = PageShape(rawValue: 128)

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init(_ name: FaultName) {
        switch name {
        case .shortPages: self = .short
        case .emptyPage: self = .empty
        case .noCursor: self = .withoutCursors
        case .nextLoops: self = .looping
        case .endlessRepeats: self = .repeating
        case .endlessEmpty: self = .trailing
        case .pagingMissing: self = .withoutPaging
        case .countMissing: self = .withoutCount
        default: self = []
        }
    }

    /// The rows that a page has when so many were asked for.
    func rows(_ limit: Int) -> Int { contains(.short) ? max(limit / 2, min(limit, 1)) : limit }

    /// - Parameter after: the cursor of the request; pages without one are not emptied and do not loop.
    func apply(to page: inout Page, after: String?) {
        if contains(.withoutCount) { page.summary = nil }
        if contains(.withoutPaging) { (page.before, page.after) = (nil, nil) }
        if contains(.repeating) || contains(.trailing), let cursor = after ?? page.after {
            if contains(.trailing), after != nil { page.data = [] }
            page.after = Cursor.another(cursor)
            page.before = page.before ?? cursor
            page.hasNext = true
        }
        guard let after else { return }
        if contains(.empty) {
            let same = Cursor.another(after)
            page = Page(data: [], before: same, after: same, hasNext: true, hasPrevious: true, summary: page.summary)
        }
        if contains(.looping) {
            page.after = after
            page.hasNext = true
        }
    }
}
