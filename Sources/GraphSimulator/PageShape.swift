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

    init(rawValue: Int) {
        self.rawValue = rawValue
    }

    init(_ name: FaultName) {
        switch name {
        case .shortPages: self = .short
        case .emptyPage: self = .empty
        case .noCursor: self = .withoutCursors
        case .nextLoops: self = .looping
        default: self = []
        }
    }

    /// The rows that a page has when so many were asked for.
    func rows(_ limit: Int) -> Int { contains(.short) ? max(limit / 2, min(limit, 1)) : limit }

    /// - Parameter after: the cursor of the request; pages without one are not emptied and do not loop.
    func apply(to page: inout Page, after: String?) {
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
