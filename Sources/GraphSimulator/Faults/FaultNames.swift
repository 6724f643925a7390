/// The faults that can be ordered for requests.
enum FaultName: String, CaseIterable {
    // Answered instead.
    case tokenExpired = "token_expired"
    case rateLimited = "rate_limited"
    case permission
    case transient
    /// Only for requests whose `limit` is greater than `value`, or with too many fields times rows.
    case reduceData = "reduce_data"
    case serverErrorHTML = "server_error_html"
    case errorIn200 = "error_in_200"
    case error
    case errorDataText = "error_data_text"
    /// Of the names in `field` (`reach,frequency`), in one of the ways of `RefusalWording`.
    case fieldRefused = "field_refused"
    /// `{"error":{}}` with status 200.
    case emptyError = "empty_error"
    /// A regular answer that also has `"error":null`.
    case nullError = "null_error"
    case cursorInvalid = "cursor_invalid"
    case emptyBody = "empty_body"
    case serviceUnavailableText = "service_unavailable_text"
    case successFalse = "success_false"
    case redirect

    // Done to the regular answer.
    case bodyNotJSON = "body_not_json"
    case bodyTruncated = "body_truncated"
    case gzipBroken = "gzip_broken"
    case gzipTruncated = "gzip_truncated"
    case wrongTypes = "wrong_types"
    /// `kind` is one of `DamagedValues`; `id` names the object, or it is done to all.
    case damagedValues = "damaged_values"
    case huge

    // Done to the page before it is written.
    case shortPages = "short_pages"
    case emptyPage = "empty_page"
    case noCursor = "no_cursor"
    case nextLoops = "next_loops"
    /// Pages name a next one for ever, each with a cursor of its own: with the rows of the first page, or with none.
    case endlessRepeats = "endless_repeats"
    case endlessEmpty = "endless_empty"
    /// The list ends with this page, though it has more rows, and `paging` is absent.
    case pagingMissing = "paging_missing"
    /// The number of rows that was asked for is absent.
    case countMissing = "count_missing"
    /// Every `value`th row is left out, as when it moves between pages; the count has it.
    case rowsLost = "rows_lost"
    /// A list of insights ends at once, or after the first `value` per cent of its page, as if it had no more rows. `level`
    /// names the level that it happens to, or it happens to all.
    case insightsEmpty = "insights_empty"
    case insightsShort = "insights_short"

    /// In the header of the use cases entries of other accounts and of other use cases are damaged.
    case usageDamaged = "usage_damaged"

    /// A listing that starts ends after the first `value` per cent.
    case vanish

    // The answer comes late.
    case latency
    case trickle
    case hang
    /// Only that to the order for a report.
    case orderSlow = "order_slow"

    // Fixed when a report is posted.
    /// With `code`, `subcode`, `message`, `user_title` and `user_message`; in the shape `number_in_text` the code stands in the
    /// message only. With `field` only reports that have it fail.
    case reportFails = "report_fails"
    case reportSkipped = "report_skipped"
    case reportStuck = "report_stuck"
    case reportSlow = "report_slow"
    case reportRace = "report_race"
    case reportNotYet = "report_not_yet"
    case reportUnready = "report_unready"
    case reportLost = "report_lost"

    enum Kind {
        case refusal
        case damage
        case page
        case delay
        case report

        /// Of these one applies to a call.
        var isAnswer: Bool { self == .refusal || self == .damage }
    }

    var kind: Kind {
        switch self {
        case .tokenExpired, .rateLimited, .permission, .transient, .reduceData, .serverErrorHTML, .errorIn200, .error,
            .errorDataText, .fieldRefused, .cursorInvalid, .emptyBody, .serviceUnavailableText, .successFalse,
            .redirect, .emptyError:
            .refusal
        case .nullError, .bodyNotJSON, .bodyTruncated, .gzipBroken, .gzipTruncated, .wrongTypes, .damagedValues, .huge:
            .damage
        case .shortPages, .emptyPage, .noCursor, .nextLoops, .endlessRepeats, .endlessEmpty, .pagingMissing,
            .countMissing, .rowsLost, .usageDamaged, .insightsEmpty, .insightsShort, .vanish:
            .page
        case .latency, .trickle, .hang, .orderSlow: .delay
        case .reportFails, .reportSkipped, .reportStuck, .reportSlow, .reportRace, .reportNotYet, .reportUnready,
            .reportLost:
            .report
        }
    }
}
