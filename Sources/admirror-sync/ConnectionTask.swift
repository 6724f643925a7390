import FacebookCalls
import Logging
import Model
import Program
import Secrets
import Store
import SyncEngine

/// The work of a child that a responder started to connect a person's ad accounts.
struct ConnectionTask {
    let settings: Settings
    let store: Store
    private let log = Logger(label: "admirror-sync")

    init(settings: Settings, store: Store) {
        self.settings = settings
        self.store = store
    }

    /// - Parameter id: the connection's.
    func perform(_ id: String) throws -> Int32 {
        let facebook = FacebookCalls(settings, store)
        guard let cipher = settings.tokenCipher, let app = facebook.app else {
            log.error("FACEBOOK_APP_ID, FACEBOOK_APP_SECRET or TOKEN_ENCRYPTION_KEY is not set where the child runs")
            return ExitStatus.badSettings
        }
        Watchdog.reset()
        let exchange = ConnectionExchange(
            store: store,
            cipher: cipher,
            app: app,
            host: hostName(),
            slots: settings.syncMaxChildren,
            makeClient: facebook.client
        )
        switch try exchange.perform(id) {
        case .ready(let accounts):
            log.info("connection ready", metadata: ["connection": "\(id)", "accounts": "\(accounts)"])
        case .failed(let error):
            log.error("connection failed", metadata: ["connection": "\(id)", "error": "\(error)"])
            return ExitStatus.failed
        case .none:
            break
        }
        return 0
    }
}
