/// Reads something in one piece, and in smaller pieces if Facebook cannot return it in one.
///
/// A failed piece is divided, and its parts are read instead. The smallest pieces that fail are missing in the end;
/// everything else is read. Other readings continue in any case.
package final class DividedReading<Piece>: GraphReading {
    /// A piece that could not be read, and why.
    package struct Missing {
        package let piece: Piece
        package let error: GraphError
    }

    private let make: (Piece) throws -> any GraphReading
    private let divide: (Piece) throws -> [Piece]
    private let ended: (_ missing: [Missing], _ isEmpty: Bool) throws -> Void
    private var current: (piece: Piece, reading: any GraphReading)?
    /// The pieces to read next, the next one last.
    private var waiting: [Piece]
    private var missing: [Missing] = []
    private var read = 0
    private var failures = 0
    private var hasEnded = false

    /// Failed pieces after which the rest counts as missing: each costs several calls, and failed calls count against
    /// the app.
    private static var mostFailures: Int { 40 }
    /// Smallest pieces that fail, while nothing was read, after which the others are not tried.
    private static var mostMissing: Int { 3 }

    /// - Parameters:
    ///   - pieces: what to read, in this order.
    ///   - make: how one piece is read.
    ///   - divide: the parts of a piece, in the order in which to read them; none for a piece that is small enough.
    ///   - ended: takes the pieces that are missing, and whether nothing at all was read.
    package init(
        _ pieces: [Piece],
        make: @escaping (Piece) throws -> any GraphReading,
        divide: @escaping (Piece) throws -> [Piece] = { _ in [] },
        ended: @escaping (_ missing: [Missing], _ isEmpty: Bool) throws -> Void
    ) throws {
        waiting = pieces.reversed()
        self.make = make
        self.divide = divide
        self.ended = ended
        try advance()
    }

    package var call: GraphCall? { current?.reading.call }

    package func take(_ answer: GraphAnswer) throws {
        guard let current else { return }
        try current.reading.take(answer)
        guard current.reading.call == nil else { return }
        read += 1
        try advance()
    }

    package func adapt(_ adaptation: Adaptation) throws {
        try current?.reading.adapt(adaptation)
    }

    package func giveUp(_ error: GraphError) throws {
        guard let piece = current?.piece, !error.concernsEverything else { throw error }
        failures += 1
        let parts = error.maySucceedWithLess ? try divide(piece) : []
        if parts.isEmpty || failures >= Self.mostFailures { missing.append(Missing(piece: piece, error: error)) }
        if failures >= Self.mostFailures || !error.maySucceedWithLess
            || (read == 0 && missing.count >= Self.mostMissing)
        {
            // Not even the smallest pieces can be read, or size does not matter: the others would fail as well.
            missing += waiting.reversed().map { Missing(piece: $0, error: error) }
            waiting = []
        } else {
            waiting += parts.reversed()
        }
        try advance()
    }

    private func advance() throws {
        current = nil
        while let piece = waiting.popLast() {
            let reading = try make(piece)
            guard reading.call == nil else {
                current = (piece, reading)
                return
            }
            read += 1
        }
        guard !hasEnded else { return }
        hasEnded = true
        try ended(missing, read == 0)
    }
}

@available(*, unavailable)
extension DividedReading: Sendable {}

extension GraphError {
    /// Whether no other question would be answered either.
    package var concernsEverything: Bool {
        switch kind {
        case .tokenInvalid, .appRefused, .versionExpired, .rateLimited: true
        default: false
        }
    }

    /// Whether a smaller question may be answered: the size is wrong, or one row of many.
    package var maySucceedWithLess: Bool {
        switch kind {
        case .tooMuchData, .tooSlow, .cursorInvalid, .objectUnreadable, .unknown, .rejected: true
        // Without a code, Facebook was unreachable or its servers failed, regardless of the question.
        case .transient: code != 0
        case .endless, .rateLimited, .tokenInvalid, .appRefused, .permissionMissing, .notFound, .fieldRefused,
            .versionExpired:
            false
        }
    }
}
