internal import Model
internal import Postgres

// How the model's values travel as parameters.

extension AdAccount.ID: QueryValue {
    package var queryText: String { rawValue }
}

extension SyncRun.ID: QueryValue {
    package var queryText: String { rawValue }
}

extension Day: QueryValue {
    package var queryText: String { description }
}
