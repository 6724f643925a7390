import CProcess
import Glibc
import Model
import ThumbnailFiles
import Thumbnails

/// `admirror-thumbnails WIDTH…`: reads a picture from standard input and writes thumbnails to standard output. Sync children
/// start it for each picture, because a decoder of foreign bytes may crash, hang, or do what the bytes want. It therefore gets no
/// environment, and limits itself before it reads anything.
@main
enum ThumbnailProgram {
    static func main() {
        admirror_limit(768 << 20, 10, 8, 16 << 20)
        let widths = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let input = readInput()
        guard let header = PictureHeader(input), header.isDecodable else { exit(65) }
        guard let picture = Picture(input, header.form) else { exit(65) }
        guard PictureHeader.mostPixels >= picture.width * picture.height else { exit(65) }
        var entries: [ThumbnailFile.Entry] = []
        for width in widths.sorted() {
            guard let (type, bytes) = picture.scaled(toWidth: width)?.encoded() else { exit(65) }
            entries.append((width, type, bytes))
            // Wider ones would be the same.
            if picture.width <= width { break }
        }
        write(ThumbnailFile.bytes(of: entries))
    }

    private static func readInput() -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    private static func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            guard count > 0 else { exit(74) }
            rest = rest.dropFirst(count)
        }
    }
}
