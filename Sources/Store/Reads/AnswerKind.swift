internal import Model

/// A kind of cached response, which can be revalidated.
package enum AnswerKind: String, Sendable, CaseIterable {
    case campaigns
    case adSets = "ad-sets"
    case ads
    case creatives
    case insights
    case changes

    /// The name of the list in the answer.
    package var member: String {
        switch self {
        case .campaigns, .ads, .creatives, .insights, .changes: rawValue
        case .adSets: Level.adSet.objectsMember
        }
    }

    /// The column of `ad_accounts` in which its changes are counted.
    var counter: String {
        switch self {
        case .campaigns: "campaigns_version"
        case .adSets: "ad_groups_version"
        // What ads show changes when the ads do.
        case .ads, .creatives: "creatives_version"
        case .insights: "insights_version"
        case .changes: "changes_version"
        }
    }

    func count(_ versions: DataVersions) -> Int {
        switch self {
        case .campaigns: versions.campaigns
        case .adSets: versions.adSets
        case .ads, .creatives: versions.ads
        case .insights: versions.insights
        case .changes: versions.changes
        }
    }
}
