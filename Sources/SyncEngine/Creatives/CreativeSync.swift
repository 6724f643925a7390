internal import ASCII
internal import GraphAPI
internal import Model
internal import Secrets
internal import Store

/// Reads creatives that are not stored yet, and stores their pictures. A step is one page of creatives and a few pictures, each
/// committed alone, so that a child can stop after any of them and another one continues.
struct CreativeSync {
    private let access: GraphAccess
    private let settings: SyncSettings
    private let pictures: PictureWork?
    private let memory: CreativeMemory
    private var store: Store { access.store }
    private var account: AdAccount { access.run.account }

    /// Per cent of a quota from which on creatives wait: the rest is for runs.
    private static let mostLoad = 60.0
    /// Pictures that are in memory at the same time.
    private static let picturesAtOnce = 8

    init(_ access: GraphAccess, _ settings: SyncSettings, _ pictures: PictureWork?, _ memory: CreativeMemory) {
        self.access = access
        self.settings = settings
        self.pictures = pictures
        self.memory = memory
    }

    /// - Returns: Whether anything was done.
    func perform() throws -> Bool {
        var isDone = try store.queueCreatives(of: account.id)
        try access.note()
        if access.load >= Self.mostLoad {
            // Other accounts may have a quota of their own.
            try store.postponeCreatives(of: account.id, because: "Facebook's quota is nearly used up")
            isDone = true
        } else {
            let wanted = try store.unreadCreatives(of: account.id, most: GraphClient.creativesOnPage)
            if !wanted.isEmpty {
                try read(wanted)
                isDone = true
            }
        }
        return try storePictures() || isDone
    }

    private func read(_ wanted: [WantedCreative]) throws {
        let reading = GraphClient.creatives(
            wanted,
            of: account.facebookID,
            refusedFields: memory.refusedFields[account.id] ?? [],
            took: { creatives in
                try store.store(creatives, of: account.id)
                try access.notePage()
            },
            failed: { id, error in try store.recordUnreadable(id, error: "\(error)", of: account.id) }
        )
        defer { memory.refusedFields[account.id] = reading.refusedFields }
        try access.read([reading])
    }

    /// - Returns: Whether there were any.
    private func storePictures() throws -> Bool {
        guard let pictures else { return false }
        let due = try store.duePictures(of: account.id, most: Self.picturesAtOnce)
        guard !due.isEmpty else { return false }
        let used = try store.mediaSize(of: account.id)
        guard used < settings.picturesBudget else {
            let megabytes = settings.picturesBudget >> 20
            let reason =
                megabytes == 0
                ? "PICTURES_MB is 0" : "the account's pictures use all of PICTURES_MB, which is \(megabytes)"
            try store.postponePictures(of: account.id, because: reason)
            return false
        }
        let downloads = try pictures.download(due.map(\.address)) { try access.checkUrgency() }
        var hasStored = false
        let outcome = Result {
            for (picture, download) in zip(due, downloads) {
                try access.checkUrgency()
                do {
                    let bytes = try download.get()
                    let thumbnails = try pictures.makeThumbnails(bytes).get()
                    let name = String(Hexadecimal.text(sha256(bytes)))
                    try store.store(thumbnails, named: name, for: picture.creative, of: account.id)
                    hasStored = true
                } catch let failure as PictureFailure {
                    try store.record(failure, of: picture.creative, account.id)
                }
                try access.notePage()
            }
        }
        if hasStored { try store.showPictures(of: account.id) }
        try outcome.get()
        return true
    }
}

/// What one child has learned about creatives.
final class CreativeMemory {
    /// Fields that Facebook refuses, by account.
    var refusedFields: [AdAccount.ID: Set<String>] = [:]
}

@available(*, unavailable)
extension CreativeMemory: Sendable {}
