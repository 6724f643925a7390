import HTTPMessages
import Model
import ThumbnailFiles

@testable import GraphAPI
@testable import HTTPClient

/// Creatives: whatever Facebook returns, links are links of the web, and texts can be stored.
func checkCreatives(_ input: [UInt8]) throws {
    guard let value = WireValue(parsing: input) else { return }
    var row = WireRow(value, "creative")
    guard let creative = try? CreativeObject.read(&row) else { return }
    try hold(!creative.id.isEmpty && creative.id.utf8.allSatisfy { (0x30...0x39).contains($0) }, "id \(creative.id)")
    try hold(creative.contentKey.utf8.count == 32, "key \(creative.contentKey)")
    for link in [creative.linkURL, creative.postURL].compactMap(\.self) {
        let scheme = link.lowercased()
        try hold(scheme.hasPrefix("http://") || scheme.hasPrefix("https://"), "link \(link)")
        try hold(link.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }, "link \(link)")
    }
    let texts = [
        creative.name, creative.title, creative.body, creative.callToAction, creative.videoID, creative.imageHash,
    ]
    for text in texts.compactMap(\.self) { try hold(!text.isEmpty && !text.utf8.contains(0), "text \(text)") }
    if let address = creative.pictureURL.flatMap({ PictureAddress($0, graphURL: "https://graph.facebook.com") }) {
        try hold(address.origin.hasPrefix("https://") && address.target.hasPrefix("/"), "address \(address)")
        try hold(!address.isSimulated && !address.origin.dropFirst(8).contains { "/:@?#".contains($0) }, "\(address)")
    }
}

/// The first bytes of pictures, and what the program that makes thumbnails returns.
func checkPictures(_ input: [UInt8]) throws {
    if let header = PictureHeader(input) {
        try hold(header.width >= 0 && header.height >= 0, "\(header)")
        try hold(!header.isDecodable || header.width * header.height <= PictureHeader.mostPixels, "\(header)")
        let marks: [UInt8] = [0x89, 0xFF, UInt8(ascii: "G"), UInt8(ascii: "R")]
        try hold(input.first.map(marks.contains) == true, "\(header)")
    }
    if let entries = ThumbnailFile.entries(of: input) {
        try hold(ThumbnailFile.bytes(of: entries).count <= input.count, "\(entries.count) thumbnails")
    }
}
