internal import HTTPClient
internal import HTTPMessages
internal import Model
internal import Program
internal import Store
package import SyncEngine

extension FacebookCalls {
    /// Pictures from Facebook's network, and thumbnails of them.
    package var pictures: PictureWork {
        let downloads = PictureDownloads(graphURL: graphURL)
        return PictureWork(
            download: { addresses, tick in try downloads.download(addresses, tick: tick).map(Self.picture) },
            makeThumbnails: ThumbnailProcess.thumbnails
        )
    }

    /// A response counts as a picture by its bytes, whatever its type says.
    private static func picture(_ result: Result<HTTPResponse, any Error>) -> Result<[UInt8], PictureFailure> {
        let response: HTTPResponse
        do {
            response = try result.get()
        } catch let error as TransportError where error.code == .tooLarge {
            return .failure(
                PictureFailure(.unusable, "the picture has more than \(PictureDownloads.mostBytes >> 20) MB")
            )
        } catch let error as TransportError where error.code == .refused {
            return .failure(PictureFailure(.unusable, "the picture is not fetched: \(error)"))
        } catch {
            return .failure(PictureFailure(.passing, "the picture cannot be fetched: \(error)"))
        }
        switch response.status {
        case 200: break
        case 403, 404, 410: return .failure(PictureFailure(.expired, "the address of the picture has expired"))
        case 300..<400: return .failure(PictureFailure(.unusable, "the picture is not fetched: it was moved elsewhere"))
        case 429, 500...:
            return .failure(PictureFailure(.passing, "the picture cannot be fetched: HTTP \(response.status)"))
        default: return .failure(PictureFailure(.unusable, "the picture cannot be fetched: HTTP \(response.status)"))
        }
        guard let header = PictureHeader(response.body) else {
            return .failure(PictureFailure(.unusable, "the file is not a PNG, JPEG, WebP or GIF picture"))
        }
        guard header.isDecodable else {
            let size = "\(header.width) × \(header.height)"
            return .failure(PictureFailure(.unusable, "the picture has too many pixels: \(size)"))
        }
        return .success(response.body)
    }
}
