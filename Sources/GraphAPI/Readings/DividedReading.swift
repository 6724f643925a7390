/// Reads something in one piece, and in smaller pieces if Facebook cannot return it in one.
///
/// A piece that fails is divided, and its parts are read in its place. The smallest pieces that fail are missing in the
/// end; everything else was read. Where several of them fail one after the other, the rest of the question that they are
/// parts of is read last. Other readings go on beside it whatever becomes of this one.
package final class DividedReading<Piece>: GraphReading {
    /// A piece that could not be read, and why.
    package struct Missing {
        package let piece: Piece
        package let error: GraphError
    }

    private let make: (Piece) throws -> any GraphReading
    private let divide: (Piece) throws -> [Piece]?
    private let isPatient: () -> Bool
    private let ended: (_ missing: [Missing], _ isEmpty: Bool) throws -> Void
    private var current: (piece: Numbered, reading: any GraphReading)?
    /// The pieces to read next, the next one last.
    private var waiting: [Numbered] = []
    /// Pieces that failed, and cannot be divided yet.
    private var undivided: [(piece: Numbered, error: GraphError)] = []
    private var missing: [Missing] = []
    private var read = 0
    private var failures = 0
    private var missedInRow = 0
    private var hasEnded = false
    private var lastNumber = 0
    /// Numbers of the pieces of which something was read.
    private var partlyRead: Set<Int> = []

    /// A piece, and the numbers of those that it is a part of: the largest first, its own last.
    private struct Numbered {
        let piece: Piece
        let path: [Int]
    }

    /// Failed pieces after which the rest counts as missing: each costs several calls, and failed calls count against
    /// the app.
    private static var mostFailures: Int { 40 }
    /// Smallest pieces that fail one after the other, after which others are tried first.
    private static var mostMissedInRow: Int { 3 }

    /// - Parameters:
    ///   - pieces: what to read, in this order.
    ///   - make: how one piece is read.
    ///   - divide: the parts of a piece, in the order in which to read them; none for a piece that is small enough; `nil`
    ///     when that cannot be said before `resume`.
    ///   - isPatient: whether there is time left to try others, when several pieces have failed one after the other.
    ///   - ended: takes the pieces that are missing, and whether nothing at all was read.
    package init(
        _ pieces: [Piece],
        make: @escaping (Piece) throws -> any GraphReading,
        divide: @escaping (Piece) throws -> [Piece]? = { _ in [] },
        isPatient: @escaping () -> Bool = { true },
        ended: @escaping (_ missing: [Missing], _ isEmpty: Bool) throws -> Void
    ) throws {
        self.make = make
        self.divide = divide
        self.isPatient = isPatient
        self.ended = ended
        waiting = numbered(pieces, below: []).reversed()
        try advance()
    }

    package var call: GraphCall? { current?.reading.call }

    package func take(_ answer: GraphAnswer) throws {
        guard let current else { return }
        try current.reading.take(answer)
        guard current.reading.call == nil else { return }
        note(read: current.piece)
        try advance()
    }

    package func adapt(_ adaptation: Adaptation) throws {
        try current?.reading.adapt(adaptation)
    }

    package func giveUp(_ error: GraphError) throws {
        guard let piece = current?.piece, !error.concernsEverything else { throw error }
        failures += 1
        if !error.maySucceedWithLess || failures >= Self.mostFailures {
            // Size does not matter, or enough was tried: the others would fail as well.
            missing.append(Missing(piece: piece.piece, error: error))
            missAll(error)
        } else if let parts = try divide(piece.piece) {
            replace(piece, by: parts, error)
        } else {
            undivided.append((piece, error))
        }
        try advance()
    }

    /// Goes on with pieces that could not be divided before.
    package func resume() throws {
        let pieces = undivided
        undivided = []
        for (piece, error) in pieces { replace(piece, by: try divide(piece.piece) ?? [], error) }
        if current == nil { try advance() }
    }

    private func replace(_ piece: Numbered, by parts: [Piece], _ error: GraphError) {
        guard parts.isEmpty else {
            waiting += numbered(parts, below: piece.path).reversed()
            return
        }
        missing.append(Missing(piece: piece.piece, error: error))
        missedInRow += 1
        guard missedInRow >= Self.mostMissedInRow else { return }
        if isPatient() { postpone(piece.path) } else { missAll(error) }
    }

    /// Puts the rest of the largest question of which nothing was read behind everything that is no part of it.
    private func postpone(_ path: [Int]) {
        for number in path where !partlyRead.contains(number) {
            let parts = waiting.filter { $0.path.contains(number) }
            guard parts.count < waiting.count else { continue }
            waiting = parts + waiting.filter { !$0.path.contains(number) }
            return
        }
    }

    private func missAll(_ error: GraphError) {
        missing += waiting.reversed().map { Missing(piece: $0.piece, error: error) }
        missing += undivided.map { Missing(piece: $0.piece.piece, error: $0.error) }
        (waiting, undivided) = ([], [])
    }

    private func note(read piece: Numbered) {
        read += 1
        missedInRow = 0
        partlyRead.formUnion(piece.path)
    }

    private func numbered(_ parts: [Piece], below path: [Int]) -> [Numbered] {
        parts.map { part in
            lastNumber += 1
            return Numbered(piece: part, path: path + [lastNumber])
        }
    }

    private func advance() throws {
        current = nil
        while let piece = waiting.popLast() {
            let reading = try make(piece.piece)
            guard reading.call == nil else {
                current = (piece, reading)
                return
            }
            note(read: piece)
        }
        guard !hasEnded, undivided.isEmpty else { return }
        hasEnded = true
        try ended(missing, read == 0)
    }
}

extension DividedReading where Piece == any GraphReading {
    /// Reads something that has no smaller pieces. Other readings go on if it fails.
    package convenience init(
        whole reading: any GraphReading,
        read: @escaping () throws -> Void = {},
        failed: @escaping (GraphError) throws -> Void
    ) throws {
        try self.init(
            [reading],
            make: { $0 },
            ended: { missing, _ in
                if let error = missing.first?.error { try failed(error) } else { try read() }
            }
        )
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
