package import Model
internal import Postgres

extension Store {
    /// The account's copy of a picture, at most so wide; `nil` if it has none of this name.
    package func picture(named name: String, width: Int, of account: AdAccount.ID) throws -> Thumbnail? {
        try connection.firstRow(
            """
            SELECT width, type, bytes FROM media
            WHERE ad_account_id = \(account)::uuid AND name = \(name) AND width <= \(width)::int
            -- A small picture has no wider copy.
            ORDER BY width DESC LIMIT 1
            """
        ) { Thumbnail(width: try $0.integer(0), type: try $0.text(1), bytes: try $0.optionalBytes(2) ?? []) }
    }
}
