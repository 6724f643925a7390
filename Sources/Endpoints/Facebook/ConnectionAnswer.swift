internal import Store

/// A connection, in `GET` and `POST /api/facebook/connection`.
struct ConnectionAnswer: Encodable {
    struct Account: Encodable {
        let facebookID: String
        let name: String?
        let currency: String?
        let timeZone: String?
        let connected: Bool

        private enum CodingKeys: String, CodingKey {
            case facebookID = "facebook_id"
            case name, currency
            case timeZone = "time_zone"
            case connected
        }
    }

    let id: String
    let status: String
    let error: String?
    let adAccounts: [Account]
    let missingPermissions: [String]

    private enum CodingKeys: String, CodingKey {
        case id, status, error, adAccounts
        case missingPermissions = "missing_permissions"
    }

    init(_ connection: FacebookConnection) {
        id = connection.id
        status = connection.status.rawValue
        error = connection.error
        adAccounts = connection.accounts.map {
            Account(
                facebookID: $0.facebookID,
                name: $0.name,
                currency: $0.currency,
                timeZone: $0.timeZone,
                connected: $0.isConnected
            )
        }
        missingPermissions = connection.missingPermissions
    }
}
