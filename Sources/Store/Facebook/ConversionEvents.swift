package import Model
internal import Postgres

extension Store {
    /// Chooses what an account counts as conversions. All its answers with metrics get a new version.
    /// - Parameter event: `nil` for purchases.
    /// - Returns: whether it is another event than before.
    package func setConversionEvent(_ event: ConversionEvent?, of account: AdAccount.ID) throws -> Bool {
        let versions = ["campaigns_version", "ad_groups_version", "creatives_version", "insights_version"]
            .map { "\($0) = \(DataVersion.raised($0))" }.joined(separator: ", ")
        return try connection.execute(
            """
            UPDATE ad_accounts SET conversion_event = \(event?.name), \(raw: versions)
            WHERE id = \(account)::uuid AND conversion_event IS DISTINCT FROM \(event?.name)
            """
        ) == 1
    }
}
