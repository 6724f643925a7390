/// A value in Facebook's answers that could not be taken as it came.
package struct Defect: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A text with damaged characters: each was replaced by U+FFFD.
        case repaired
        /// A field that cannot be read. Objects keep the last good value, metrics are unknown.
        case unknown
        /// A row that cannot be used at all.
        case leftOut = "left_out"
    }

    package var kind: Kind
    /// The row, for people: `campaign 123`, `the results of ad 5 on 2026-11-03`.
    package var subject: String
    /// The field in Facebook's spelling; `nil` if the whole row is unusable.
    package var field: String?
    /// The day of the row, where it has one that can be read.
    package var day: Day?

    package init(_ kind: Kind, subject: String, field: String?, day: Day? = nil) {
        self.day = day
        self.kind = kind
        self.subject = subject
        self.field = field
    }
}

extension Defect: CustomStringConvertible {
    package var description: String {
        let field = field.map { "the field \($0)" }
        switch kind {
        case .repaired:
            return "\(subject): \(field ?? "a text") has damaged characters, which were replaced by U+FFFD"
        case .unknown:
            return "\(subject): \(field ?? "a field") cannot be read"
        case .leftOut:
            return "\(subject) was left out: \(field ?? "the row") cannot be read"
        }
    }
}

/// How many defects of each kind a run has met.
package struct DefectCounts: Sendable, Equatable {
    package var repaired = 0
    package var unknown = 0
    package var leftOut = 0

    package init(repaired: Int = 0, unknown: Int = 0, leftOut: Int = 0) {
        self.repaired = repaired
        self.unknown = unknown
        self.leftOut = leftOut
    }

    package var all: Int { repaired + unknown + leftOut }

    package subscript(kind: Defect.Kind) -> Int {
        get {
            switch kind {
            case .repaired: repaired
            case .unknown: unknown
            case .leftOut: leftOut
            }
        }
        set {
            switch kind {
            case .repaired: repaired = newValue
            case .unknown: unknown = newValue
            case .leftOut: leftOut = newValue
            }
        }
    }
}
