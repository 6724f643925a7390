internal import Model
internal import Store

/// `{"from":"2026-03-01","to":"2026-03-31","complete":true,"whole_to":"2026-03-31"}`
struct CoverageAnswer: Encodable {
    let from: String?
    let to: String?
    let complete: Bool
    let wholeTo: String?

    private enum CodingKeys: String, CodingKey {
        case from, to, complete
        case wholeTo = "whole_to"
    }

    init(_ coverage: Coverage) {
        from = coverage.held?.since.description
        to = coverage.held?.until.description
        complete = coverage.isComplete
        wholeTo = coverage.wholeTo?.description
    }
}

extension Coverage {
    var json: String { String(decoding: JSONEncoding.bytes(of: CoverageAnswer(self)), as: UTF8.self) }
}

extension ComparedDays {
    /// `{"date_start":"2026-02-01","date_end":"2026-02-28","from":"2026-02-01", …}`: the days, then what is held of them.
    var json: String {
        "{\"date_start\":\"\(days.since)\",\"date_end\":\"\(days.until)\",\(coverage.json.dropFirst())"
    }
}
