/// What an ad shows. Facebook never changes a creative: an ad that is changed gets another one.
package struct Creative: Sendable, Equatable {
    /// Facebook's id.
    package var id: String
    package var name: String?
    package var title: String?
    package var body: String?
    /// `SHOP_NOW`
    package var callToAction: String?
    /// Where the ad leads; only `http` and `https`.
    package var linkURL: String?
    package var postURL: String?
    package var videoID: String?
    /// Facebook's word.
    package var objectType: String?
    /// Names the picture at Facebook, or else the video that it is of. Equal pictures of an account have the same.
    package var imageHash: String?
    /// The address of the picture, which expires within days.
    package var pictureURL: String?
    /// Equal for creatives that show the same.
    package var contentKey: String

    package init(id: String, contentKey: String) {
        self.id = id
        self.contentKey = contentKey
    }
}

/// A creative to read, and an ad that shows it.
package struct WantedCreative: Sendable, Equatable {
    package var id: String
    package var adID: String?

    package init(id: String, adID: String?) {
        self.id = id
        self.adID = adID
    }
}
