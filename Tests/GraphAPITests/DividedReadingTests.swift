import HTTPMessages
import Model
import Testing

@testable import GraphAPI

/// Pieces are ranges of numbers. A call fails if its piece contains a bad number.
@Suite struct DividedReadingTests {
    /// The numbers that were read, and those recorded as missing in the end.
    private final class Result {
        var read: [Int] = []
        var asked = 0
        var missing: [Range<Int>]?
        var isEmpty = false
    }

    /// Makes one call for a piece.
    private final class Piece: GraphReading {
        let range: Range<Int>
        let done: (Range<Int>) -> Void
        var isRead = false

        init(_ range: Range<Int>, done: @escaping (Range<Int>) -> Void) {
            (self.range, self.done) = (range, done)
        }

        var call: GraphCall? {
            isRead
                ? nil
                : GraphCall(
                    path: "\(range.lowerBound)-\(range.upperBound)",
                    parameters: QueryParameters(),
                    kind: .insights
                )
        }
        func take(_ answer: GraphAnswer) throws {
            isRead = true
            done(range)
        }
        func adapt(_ adaptation: Adaptation) {}
    }

    private static let error = GraphError(kind: .tooMuchData, status: 500, code: 1, message: "Too much")

    private func read(
        _ pieces: [Range<Int>],
        without bad: Set<Int>,
        error: GraphError = error,
        waitsBefore: Int? = nil,
        isPatient: @escaping () -> Bool = { true }
    ) throws -> Result {
        let result = Result()
        var isWaiting = waitsBefore != nil
        let reading = try DividedReading(
            pieces,
            make: { range in
                Piece(range) {
                    result.read += $0
                }
            },
            divide: { range in
                if isWaiting, range.count == waitsBefore { return nil }
                guard range.count > 1 else { return [] }
                let middle = range.lowerBound + (range.count + 1) / 2
                return [range.lowerBound..<middle, middle..<range.upperBound]
            },
            isPatient: isPatient,
            ended: { missing, isEmpty in
                #expect(result.missing == nil)
                result.missing = missing.map(\.piece)
                result.isEmpty = isEmpty
            }
        )
        let answer = GraphAnswer(response: HTTPResponse(status: 200), secrets: [], account: "1")
        while result.missing == nil {
            while let call = reading.call {
                result.asked += 1
                let bounds = call.path.split(separator: "-").compactMap { Int($0) }
                if bad.contains(where: { (bounds[0]..<bounds[1]).contains($0) }) {
                    try reading.giveUp(error)
                } else {
                    try reading.take(answer)
                }
            }
            guard isWaiting else { break }
            #expect(result.missing == nil)
            isWaiting = false
            try reading.resume()
        }
        return result
    }

    @Test("a readable piece takes one call, and one bad number is the only missing one", arguments: [nil, 0, 7, 31])
    func single(bad: Int?) throws {
        let result = try read([0..<32], without: Set([bad].compactMap(\.self)))
        #expect(result.missing == [bad].compactMap(\.self).map { $0..<($0 + 1) })
        #expect(result.read.sorted() == (0..<32).filter { $0 != bad })
        if bad == nil { #expect(result.asked == 1) }
    }

    @Test(
        "unreadable numbers at the start prevent no others from being read",
        arguments: [3, 4, 6, 8, 12],
        [16, 32, 64]
    )
    func first(bad: Int, count: Int) throws {
        let result = try read([0..<count], without: Set(0..<bad))
        #expect(result.read.sorted() == Array(bad..<count))
        #expect(result.missing?.flatMap(\.self).sorted() == Array(0..<bad))
        #expect(!result.isEmpty)
    }

    @Test("an unreadable day of any size prevents no other day from being read")
    func day() throws {
        // The newest of four days comes first.
        let result = try read([0..<256, 256..<320, 320..<321, 321..<400], without: Set(0..<64))
        #expect(result.read.sorted() == Array(64..<400))
        #expect(result.missing?.flatMap(\.self).sorted() == Array(0..<64))
    }

    @Test("when nothing is readable, reading ends after forty calls, and everything is missing")
    func nothing() throws {
        let result = try read([0..<1000, 1000..<2000], without: Set(0..<2000))
        #expect(result.asked == 40)
        #expect(result.isEmpty)
        #expect(result.missing?.flatMap(\.self).sorted() == Array(0..<2000))
    }

    @Test("a failure that does not depend on size is not retried in pieces")
    func refused() throws {
        let error = GraphError(kind: .permissionMissing, status: 403, code: 200, message: "No")
        let result = try read([0..<8, 8..<16], without: Set(0..<16), error: error)
        #expect(result.asked == 1)
        #expect(result.missing == [0..<8, 8..<16])
    }

    @Test("without time left, reading stops after three small pieces have failed in a row")
    func impatient() throws {
        let result = try read([0..<8, 8..<16], without: [0, 1, 2], isPatient: { false })
        #expect(result.missing?.flatMap(\.self).sorted() == Array(0..<16).filter { !result.read.contains($0) })
        #expect(result.missing?.contains(8..<16) == true)
    }

    @Test("a piece that cannot be divided yet waits, and the others are read meanwhile")
    func waiting() throws {
        let result = try read([0..<8, 8..<24], without: [3], waitsBefore: 8)
        #expect(Array(result.read.prefix(16)) == Array(8..<24))
        #expect(result.read.sorted() == (0..<24).filter { $0 != 3 })
        #expect(result.missing == [3..<4])
    }
}
