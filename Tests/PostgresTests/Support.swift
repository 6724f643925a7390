import Postgres
import TestSupport

extension TemporaryDatabase {
    func connect(statementTimeout: Int = 20_000, responseTimeout: Int = 25_000) -> Connection {
        var options = connectionOptions
        options.statementTimeout = statementTimeout
        options.responseTimeout = responseTimeout
        return Connection(options)
    }
}
