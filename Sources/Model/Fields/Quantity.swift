/// The value of a metric. Numbers are exact, never binary fractions.
package enum Quantity: Sendable, Hashable, CustomStringConvertible {
    /// Of a metric that is whole.
    case count(Int)
    case amount(Amount)
    /// Of a metric whose values are words.
    case text(String)

    /// Reads PostgreSQL's text of a number; `nil` for what it cannot be.
    package init?(_ text: String, of metric: Metric) {
        if metric.isText {
            self = .text(text)
        } else if metric.isWhole {
            guard let count = Int(text) else { return nil }
            self = .count(count)
        } else {
            guard let amount = Amount(decimal: text) else { return nil }
            self = .amount(amount)
        }
    }

    package var count: Int? {
        if case .count(let count) = self { count } else { nil }
    }

    package var amount: Amount? {
        if case .amount(let amount) = self { amount } else { nil }
    }

    package var isZero: Bool { self == .count(0) || self == .amount(.zero) }

    /// The sum; `nil` when it is too large.
    package func adding(_ other: Quantity) -> Quantity? {
        switch (self, other) {
        case (.count(let one), .count(let other)):
            let (sum, overflow) = one.addingReportingOverflow(other)
            return overflow ? nil : .count(sum)
        case (.amount(let one), .amount(let other)):
            return one.adding(other).map { .amount($0) }
        default: return nil
        }
    }

    package var description: String {
        switch self {
        case .count(let count): String(count)
        case .amount(let amount): amount.description
        case .text(let text): text
        }
    }
}
