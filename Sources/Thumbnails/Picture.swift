internal import CGD
package import Model

/// A picture in memory. The files that it writes hold pixels, and nothing else that the original file held.
package struct Picture: ~Copyable {
    private let image: gdImagePtr

    package var width: Int { Int(image.pointee.sx) }
    package var height: Int { Int(image.pointee.sy) }

    /// Decodes a file of this form; of an animation its first picture.
    /// - Returns: `nil` if the file is damaged.
    package init?(_ bytes: [UInt8], _ form: PictureHeader.Form) {
        guard Self.hasEnd(bytes, form) else { return nil }
        let count = Int32(bytes.count)
        let image = bytes.withUnsafeBytes { bytes -> gdImagePtr? in
            // libgd only reads it.
            guard let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return nil }
            return switch form {
            case .png: gdImageCreateFromPngPtr(count, start)
            // 0: what libjpeg warns of, such as a file that ends early, is an error.
            case .jpeg: gdImageCreateFromJpegPtrEx(count, start, 0)
            case .gif: gdImageCreateFromGifPtr(count, start)
            case .webp: gdImageCreateFromWebpPtr(count, start)
            }
        }
        guard let image else { return nil }
        self.image = image
    }

    /// Whether the file does not end early. libgd fills the rest of a JPEG or GIF file with one colour; it refuses other forms
    /// itself.
    private static func hasEnd(_ bytes: [UInt8], _ form: PictureHeader.Form) -> Bool {
        switch form {
        case .png, .webp: true
        // Some programs write more behind the end.
        case .jpeg: zip(bytes.suffix(4096), bytes.suffix(4096).dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
        case .gif: bytes.last { $0 != 0 } == 0x3B
        }
    }

    private init(_ image: gdImagePtr) {
        self.image = image
    }

    deinit {
        gdImageDestroy(image)
    }

    /// The same picture at most so wide. It is never enlarged.
    package func scaled(toWidth most: Int) -> Picture? {
        let newWidth = min(most, width)
        let newHeight = max(1, (height * newWidth + width / 2) / width)
        guard let scaled = gdImageCreateTrueColor(Int32(newWidth), Int32(newHeight)) else { return nil }
        gdImageAlphaBlending(scaled, 0)
        gdImageSaveAlpha(scaled, 1)
        gdImageCopyResampled(
            scaled,
            image,
            0,
            0,
            0,
            0,
            Int32(newWidth),
            Int32(newHeight),
            Int32(width),
            Int32(height)
        )
        return Picture(scaled)
    }

    private var isOpaque: Bool {
        for row in 0..<height {
            guard let pixels = image.pointee.tpixels?[row] else { continue }
            for column in 0..<width where pixels[column] >> 24 & 0x7F != 0 { return false }
        }
        return true
    }

    /// A JPEG file, or a WebP file if parts of the picture are transparent.
    package func encoded() -> (type: String, bytes: [UInt8])? {
        var count: Int32 = 0
        let isOpaque = isOpaque
        guard let data = isOpaque ? gdImageJpegPtr(image, &count, 82) : gdImageWebpPtrEx(image, &count, 80) else {
            return nil
        }
        defer { gdFree(data) }
        let bytes = [UInt8](UnsafeRawBufferPointer(start: data, count: Int(count)))
        return (isOpaque ? "image/jpeg" : "image/webp", bytes)
    }
}
