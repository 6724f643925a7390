import Foundation
import HTTPMessages
import Model
import Testing
import ThumbnailFiles

@testable import GraphSimulator
@testable import Thumbnails

@Suite struct ThumbnailsTests {
    private static let forms: [SimulatedPicture.Form: PictureHeader.Form] = [
        .jpeg: .jpeg, .png: .png, .webp: .webp, .gif: .gif,
    ]
    /// Pictures of all forms and sizes.
    private static let pictures = (0..<64).map { SimulatedPicture(Randomness.mixed($0)) }

    @Test("form and size of a picture are in its first bytes")
    func header() {
        for picture in Self.pictures {
            let header = PictureHeader(picture.bytes("full"))
            #expect(header?.form == Self.forms[picture.form])
            #expect(header?.width == picture.width)
            #expect(header?.height == picture.height)
            #expect(header?.isDecodable == true)
        }
    }

    @Test("what is no picture has no header, and what would be too large is not decoded")
    func noPicture() {
        for text in [
            "", "<svg xmlns='http://www.w3.org/2000/svg'/>", "<!DOCTYPE html>", "BM12345678901234567890", "RIFF",
        ] {
            #expect(PictureHeader(Array(text.utf8)) == nil, "\(text)")
        }
        #expect(PictureHeader(PNGPicture.claim(60_000, 60_000))?.isDecodable == false)
        #expect(PictureHeader(PNGPicture.claim(0, 10))?.isDecodable == false)
        #expect(PictureHeader(PNGPicture.claim(16_384, 2000))?.isDecodable == false)
    }

    @Test("thumbnails keep the proportions, are never enlarged, and hold nothing but pixels")
    func thumbnails() throws {
        for source in Self.pictures {
            let bytes = source.bytes("full")
            let header = try #require(PictureHeader(bytes))
            guard let picture = Picture(bytes, header.form) else {
                Issue.record("\(source.form) \(source.width)")
                continue
            }
            for width in [64, 256, 1080] {
                guard let thumbnail = picture.scaled(toWidth: width), let (type, file) = thumbnail.encoded() else {
                    Issue.record("no thumbnail")
                    continue
                }
                let made = try #require(PictureHeader(file))
                #expect(made.width == min(width, source.width))
                #expect(abs(made.height * source.width - source.height * made.width) <= source.width)
                #expect(type == (made.form == .jpeg ? "image/jpeg" : "image/webp"))
                #expect(!String(decoding: file, as: UTF8.self).contains("secret"))
            }
            #expect(source.form == .gif || String(decoding: bytes, as: UTF8.self).contains("secret"))
        }
    }

    @Test("a transparent picture stays transparent")
    func transparent() throws {
        let source = try #require(Self.pictures.first { $0.form == .png && $0.number & 1 == 1 })
        guard let picture = Picture(source.bytes("full"), .png), let scaled = picture.scaled(toWidth: 64) else {
            Issue.record("no picture")
            return
        }
        #expect(scaled.encoded()?.type == "image/webp")
    }

    private static func isPicture(_ bytes: [UInt8], _ form: PictureHeader.Form) -> Bool {
        if Picture(bytes, form) != nil { true } else { false }
    }

    @Test("a damaged or truncated picture is no picture, whatever its form")
    func damaged() {
        for source in Self.pictures where source.width > 48 {
            let bytes = source.bytes("full")
            let garbage = Array(bytes.prefix(24)) + [UInt8](repeating: 0xAA, count: 400)
            guard let form = Self.forms[source.form] else { continue }
            #expect(!Self.isPicture(garbage, form), "\(source.form)")
            // A file of one colour is complete after a few bytes.
            if source.form != .webp {
                #expect(!Self.isPicture(Array(bytes.prefix(bytes.count / 2)), form), "\(source.form)")
            }
        }
    }

    @Test("thumbnails come back as they were written, and nothing else does")
    func files() {
        let entries: [ThumbnailFile.Entry] = [(64, "image/jpeg", [1, 2, 3]), (1080, "image/webp", [])]
        let bytes = ThumbnailFile.bytes(of: entries)
        let read = ThumbnailFile.entries(of: bytes) ?? []
        #expect(read.map(\.width) == [64, 1080])
        #expect(read.map(\.type) == ["image/jpeg", "image/webp"])
        #expect(read.map(\.bytes) == [[1, 2, 3], []])
        for count in 1..<bytes.count where count != ThumbnailFile.bytes(of: [entries[0]]).count {
            #expect(ThumbnailFile.entries(of: Array(bytes.prefix(count))) == nil)
        }
        #expect(ThumbnailFile.entries(of: [UInt8](repeating: 0xFF, count: 40)) == nil)
    }
}
