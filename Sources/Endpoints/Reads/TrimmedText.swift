extension StringProtocol {
    /// Without the spaces around it.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        return String(
            start.prefix(upTo: (start.lastIndex { !$0.isWhitespace }).map(start.index(after:)) ?? start.endIndex)
        )
    }
}
