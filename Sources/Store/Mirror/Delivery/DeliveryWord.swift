import Model

/// The delivery of an object, in one word. README lists the words and their order.
package enum DeliveryWord: String, Sendable, CaseIterable {
    case deleted = "DELETED"
    case archived = "ARCHIVED"
    /// Nothing of the account is delivered.
    case accountStopped = "ACCOUNT_STOPPED"
    case disapproved = "DISAPPROVED"
    case withIssues = "WITH_ISSUES"
    /// By its owner, or because nothing below it is on.
    case paused = "PAUSED"
    case campaignPaused = "CAMPAIGN_PAUSED"
    case adSetPaused = "ADSET_PAUSED"
    case inReview = "IN_REVIEW"
    case scheduled = "SCHEDULED"
    case ended = "ENDED"
    case learningLimited = "LEARNING_LIMITED"
    case learning = "LEARNING"
    /// It could be delivered, and had no impression for 24 hours.
    case noDelivery = "NO_DELIVERY"
    case active = "ACTIVE"

    var sql: String { "'\(rawValue)'" }

    /// Words of objects that are on: they are delivered, or could be.
    static let running: [DeliveryWord] = [.active, .learning, .learningLimited, .noDelivery]
    /// The words of children that a parent takes when none of them is on; the first that one of them has.
    static let inherited: [DeliveryWord] = [.inReview, .scheduled, .disapproved, .withIssues, .ended]
}
