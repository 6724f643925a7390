package import Model
internal import Postgres

extension Store {
    /// Chooses what an account counts as conversions. All its answers with metrics get a new version.
    /// - Parameter event: `nil` for purchases.
    /// - Returns: whether it is another event than before.
    package func setConversionEvent(_ event: ConversionEvent?, of account: AdAccount.ID) throws -> Bool {
        try connection.execute(
            """
            UPDATE ad_accounts SET conversion_event = \(event?.name), \(raw: DataVersion.ofMetrics())
            WHERE id = \(account)::uuid AND conversion_event IS DISTINCT FROM \(event?.name)
            """
        ) == 1
    }
}

extension DataVersion {
    /// SQL that raises the versions of all answers with metrics.
    static func ofMetrics(if condition: String = "true") -> String {
        ["campaigns_version", "ad_groups_version", "creatives_version", "insights_version"]
            .map { "\($0) = \(raised($0, if: condition))" }.joined(separator: ", ")
    }
}
