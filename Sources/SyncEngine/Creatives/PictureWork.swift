package import Store

/// What the engine needs to get pictures. Both run outside of this process, so they are handed in.
package struct PictureWork {
    /// Downloads pictures from Facebook's CDN, several at a time. The second closure is called again and again meanwhile; what
    /// it throws ends the downloads.
    package var download: ([String], () throws -> Void) throws -> [Result<[UInt8], PictureFailure>]
    /// Makes thumbnails of a picture.
    package var makeThumbnails: ([UInt8]) -> Result<[Thumbnail], PictureFailure>

    package init(
        download: @escaping ([String], () throws -> Void) throws -> [Result<[UInt8], PictureFailure>],
        makeThumbnails: @escaping ([UInt8]) -> Result<[Thumbnail], PictureFailure>
    ) {
        self.download = download
        self.makeThumbnails = makeThumbnails
    }
}
