/// Thumbnails as one program hands them to another: for each the width that was wanted, the type, the length, and the bytes.
package enum ThumbnailFile {
    package typealias Entry = (width: Int, type: String, bytes: [UInt8])

    package static func bytes(of entries: [Entry]) -> [UInt8] {
        entries.flatMap { entry in
            big(entry.width) + big(entry.type.utf8.count) + Array(entry.type.utf8) + big(entry.bytes.count)
                + entry.bytes
        }
    }

    /// - Returns: `nil` if this is no such file.
    package static func entries(of bytes: [UInt8]) -> [Entry]? {
        var rest = bytes[...]
        var entries: [Entry] = []
        while !rest.isEmpty {
            guard let width = number(&rest), let type = piece(&rest), let body = piece(&rest) else { return nil }
            entries.append((width, String(decoding: type, as: UTF8.self), Array(body)))
        }
        return entries
    }

    private static func big(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 4 else { return nil }
        let number = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        return number
    }

    private static func piece(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let length = number(&rest), length <= rest.count else { return nil }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }
}
