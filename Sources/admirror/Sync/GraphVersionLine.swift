import Store

/// Words for the version of the Graph API that is called.
enum GraphVersionLine {
    /// `calls v25.0 since 2026-11-30, because Facebook no longer serves v23.0 (FACEBOOK_API_VERSION); v25.0 ends on 2027-02-23`.
    static func text(_ called: String, _ record: GraphVersionRecord?, configured: String) -> String {
        var text = "calls version \(called)"
        if let record { text += " since \(record.since.prefix(10))" }
        if called != configured { text += ", because Facebook no longer serves \(configured) (FACEBOOK_API_VERSION)" }
        guard let record else { return text }
        guard let end = record.endsOn else { return text + "; Meta has not announced when \(called) ends" }
        let isOver = record.secondsLeft.map { $0 <= 0 } ?? false
        return text
            + (isOver
                ? "; \(called) ended on \(end), but Facebook still accepts it"
                : "; \(called) ends on \(end)")
    }
}
