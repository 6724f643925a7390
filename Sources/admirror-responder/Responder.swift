import Endpoints
import FastCGI
import HTTPMessages
import Logging
import Model
import Program
import Secrets
import Store

/// `admirror-responder`: answers the HTTP API, as one of many FastCGI processes behind nginx, or as a CGI program.
@main
struct Responder {
    static func main() {
        MemorySecrecy.begin()
        LogLines.bootstrap()
        let log = Logger(label: "admirror-responder")
        runProgram("admirror-responder") {
            let environment = processEnvironment()
            let settings = try Settings(environment: environment, requiring: [.database])
            let store = store(settings.databaseURL)
            let starter = SyncStarter(
                settings,
                environment: environment,
                inheritsErrorOutput: Listener.isFastCGI
            )
            let hasReplica = settings.databaseReadURL != settings.databaseURL
            try refuseUnknownSchema(store, log)
            Detachment.ignoreChildren()
            let endpoints = Endpoints(
                store: store,
                replica: hasReplica ? self.store(settings.databaseReadURL) : nil,
                environment: Endpoints.Environment(
                    syncInterval: settings.syncInterval,
                    historyDays: settings.insightsHistory,
                    cronSecret: settings.cronSecret,
                    host: hostName(),
                    // Unless set, there are as many as the cores ask for, but at least four.
                    hashingSlots: max((settings.responders ?? 4) / 2, 1),
                    facebookLogin: facebookLogin(settings),
                    startSync: starter.start,
                    hostFigures: { hostFigures(settings) },
                    databaseMark: databaseMark(settings),
                    hasRoom: { Host.hasRoom(for: $0, in: $1, as: $2) },
                    log: { log.error("\($0)") },
                    now: secondsSince1970
                )
            )
            func respond(to request: HTTPRequest) -> HTTPReply {
                RequestID.begin(request.id)
                return endpoints.respond(to: request)
            }
            ServiceManager.reportReady(environment)
            try Listener.serve(
                bodyLimit: 64 << 10,
                onFailure: { log.error("a response ended early: \($0)") },
                afterwards: { endpoints.awaitDatabase { !Listener.isEnding } },
                respond
            )
            return ExitStatus.done
        }
    }

    private static func store(_ url: String) -> Store {
        Store(
            Store.Options(
                url: url,
                applicationName: "admirror-responder",
                statementTimeout: 1500,
                responseTimeout: 1900
            )
        )
    }

    /// For each database one. A responder that is alone answers requests instead of waiting for the database.
    private static func databaseMark(_ settings: Settings) -> DatabaseMark? {
        guard Listener.isFastCGI, settings.responders != 1 else { return nil }
        let mark = HostMark(settings.databaseURL)
        return DatabaseMark(isSet: { mark.isSet }, set: { mark.set() }, clear: { mark.clear() })
    }

    /// - Returns: `nil` when no app is set, or what it gives could not be encrypted.
    private static func facebookLogin(_ settings: Settings) -> FacebookLogin? {
        guard let appID = settings.facebookAppID, settings.facebookAppSecret != nil,
            let cipher = settings.tokenCipher
        else { return nil }
        return FacebookLogin(
            appID: appID,
            version: settings.facebookAPIVersion,
            dialogURL: settings.facebookDialogURL,
            publicURL: settings.publicURL,
            cipher: cipher
        )
    }

    private static func hostFigures(_ settings: Settings) -> HostFigures {
        HostFigures(
            responders: Host.processes(of: "admirror-responder").count,
            cacheStatuses: settings.nginxAccessLog.flatMap {
                AccessLog(path: $0).cacheStatuses(now: secondsSince1970())
            }
        )
    }

    /// A schema that we do not know ends the process. A database that is away does not: it may come back, and until
    /// then requests get a 503 that says so.
    private static func refuseUnknownSchema(_ store: Store, _ log: Logger) throws {
        do {
            try store.checkReadiness()
        } catch let error as any StoreError {
            log.warning("the database does not respond yet", metadata: ["error": "\(error)"])
        }
    }
}
