internal import Compression
internal import HTTPMessages
internal import Store

/// An answer that is written, and compressed, while its rows come.
final class AnswerStream: BodySource {
    /// Bytes of text after which a piece is handed on.
    private static let pieceSize = 1 << 16

    private let rows: AnswerRows
    private var writer: RowWriter
    private let buffer: ByteBuffer
    private let gzip: GzipStream?
    private var hasEnded = false

    /// - Parameters:
    ///   - writer: writes into the buffer.
    ///   - gzip: `nil` for an answer that is not compressed.
    init(_ rows: AnswerRows, _ writer: RowWriter, _ buffer: ByteBuffer, _ gzip: GzipStream?) {
        self.rows = rows
        self.writer = writer
        self.buffer = buffer
        self.gzip = gzip
    }

    func next() throws -> [UInt8]? {
        while !hasEnded {
            while buffer.count < Self.pieceSize, !hasEnded {
                if try !rows.next({ writer.write($0) }) {
                    writer.finish(cursor: nil)
                    hasEnded = true
                }
            }
            defer { buffer.clear() }
            let piece =
                gzip.map { $0.compress(buffer.bytes) + (hasEnded ? $0.finish() : []) } ?? Array(buffer.bytes)
            if !piece.isEmpty { return piece }
        }
        return nil
    }

    func cancel() {
        rows.cancel()
    }
}
