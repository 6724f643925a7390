/// What an ad shows. It never changes: an ad that is to show something else gets another creative. Several ads may share
/// one, and several creatives may show the same.
struct SimulatedCreative: Equatable {
    enum Kind: Int, CaseIterable {
        case link, photo, video, carousel, assetFeed, post, reel, plainLink

        /// `object_type`.
        var word: String {
            switch self {
            case .link, .carousel, .assetFeed, .plainLink: "SHARE"
            case .photo: "PHOTO"
            case .video, .reel: "VIDEO"
            case .post: "STATUS"
            }
        }
    }

    let id: Int
    /// The index of the ad that it was made for.
    let owner: Int
    /// What it shows, as one number.
    let content: UInt64

    var kind: Kind { Kind.allCases[Int(content >> 16 & 0xFFFF) % Kind.allCases.count] }
}

extension SimulatedAccount {
    /// What an ad shows. Of three ads made one after the other, the third shares the first one's creative.
    func creative(ofAd index: Int) -> SimulatedCreative {
        if let edits = settings[ads[index].id]?.creative { return creative(owner: index, edits: edits) }
        return creative(owner: index % 3 == 2 ? index - 2 : index, edits: 0)
    }

    /// - Parameter edits: how often the ad was given another creative before.
    private func creative(owner: Int, edits: Int) -> SimulatedCreative {
        let ad = ads[owner]
        // So few contents that several creatives have the same.
        let contents = UInt64(max(4, spec.ads / 6))
        return SimulatedCreative(
            id: ad.id + 3_000_000 + edits,
            owner: owner,
            content: Randomness.mixed(seed &+ ad.hash % contents &+ UInt64(edits) &* 1_000_003)
        )
    }

    /// The creative of an id, also one that no ad has any longer.
    func creative(id: Int) -> SimulatedCreative? {
        for edits in 0..<100 {
            guard let owner = index(of: id - 3_000_000 - edits, .ad) else { continue }
            let known = settings[ads[owner].id]?.creative ?? 0
            return edits <= known && (edits > 0 || owner % 3 != 2) ? creative(owner: owner, edits: edits) : nil
        }
        return nil
    }

    /// The creatives that the account's ads have, newest first.
    var creatives: [SimulatedCreative] {
        var seen: Set<Int> = []
        return ads.indices.reversed().map(creative).filter { seen.insert($0.id).inserted }
    }
}

extension SimulatedWorld {
    /// The creative of an id, and its account.
    func creative(id: Int) -> (account: Int, creative: SimulatedCreative)? {
        for place in accounts.indices {
            if let creative = accounts[place].creative(id: id) { return (place, creative) }
        }
        return nil
    }

    /// Gives an ad another creative.
    mutating func changeCreative(_ place: ObjectPlace, at time: Int) {
        let id = accounts[place.account].ads[place.index].id
        update(place.account) {
            $0.settings[id, default: ObjectSettings()].creative = ($0.settings[id]?.creative ?? 0) + 1
        }
        change(place, at: time) { _ in true }
    }
}
