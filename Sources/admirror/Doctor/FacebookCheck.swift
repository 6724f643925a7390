import FacebookCalls
import GraphAPI
import Model
import Program
import Secrets
import Store
import SyncEngine

/// Facebook: whether it accepts a token, how long the tokens are valid, and the use of the quotas.
struct FacebookCheck: Check {
    let area = "facebook"
    let settings: Settings
    let store: Store
    let isOffline: Bool

    private static let reconnecting = "or reconnect it in the dashboard"

    func look() throws -> [Finding] {
        let accounts = try store.adAccounts()
        guard !accounts.isEmpty else {
            return [
                warning("no ad account is connected", run: "admirror account discover --add --sync --manager EMAIL")
            ]
        }
        return try (isOffline ? [] : ask(accounts)) + tokens(accounts) + encryption() + quotas()
    }

    /// One call, with the token of the first account that has one and is not held off.
    private func ask(_ accounts: [AdAccountRow]) throws -> [Finding] {
        let held = try Set(store.syncStates().filter { $0.state.hold?.reason == .rateLimited }.map(\.id))
        guard let account = accounts.first(where: { $0.hasToken && !held.contains($0.account.id) })?.account,
            let stored = try store.token(of: account.id)
        else { return [] }
        let name = "act_\(account.facebookID)"
        do {
            let token = try Operator.cipher(settings).open(stored.sealed, account: account.facebookID)
            let graph = try FacebookCalls(settings, store).hastyClient(token: token)
            var warnings: [Finding] = []
            graph.report = { event in
                guard case .warned(let text) = event else { return }
                warnings.append(warning("says: \(text)", "read Meta's changelog, then set FACEBOOK_API_VERSION"))
            }
            _ = try graph.adAccount(account.facebookID)
            return warnings + [ok("responds for \(name)"), try version(graph.version)]
        } catch let error as TokenCipher.Failure {
            return [
                problem(
                    "\(error)",
                    run: "admirror account set-token \(name)",
                    "or restore the TOKEN_ENCRYPTION_KEY of that time"
                )
            ]
        } catch let error as GraphError {
            let advice = Advice.on(error)
            let sentence = "\(advice.cause), in a call for \(name): \(error)"
            switch error.kind {
            case .rateLimited:
                return [warning(sentence, advice.remedy)]
            case .tokenInvalid:
                return [problem(sentence, run: "admirror account set-token \(name)", Self.reconnecting)]
            case .permissionMissing, .notFound:
                return [problem(sentence, run: "admirror account set-token \(name)", advice.remedy)]
            default:
                return [problem(sentence, advice.remedy)]
            }
        }
    }

    /// The API version in use, since when, and when it ends.
    private func version(_ called: String) throws -> Finding {
        let app = settings.facebookAppID ?? ""
        let record = try store.graphVersions(app: app).first { $0.accepted == called }
        let sentence = GraphVersionLine.text(called, record, configured: settings.facebookAPIVersion)
        let days = Double(VersionCalendar.warningDays)
        guard let left = record?.secondsLeft, left < days * 86_400 else { return ok(sentence) }
        let newer = APIVersion(called).flatMap { VersionCalendar.newest(after: $0) }
        let value = newer.map { "=\($0)" } ?? " to a newer version"
        return warning(sentence, "read Meta's changelog, then set FACEBOOK_API_VERSION\(value)")
    }

    private func tokens(_ accounts: [AdAccountRow]) -> [Finding] {
        var findings: [Finding] = []
        for row in accounts {
            let name = "act_\(row.account.facebookID)"
            if !row.hasToken {
                findings.append(problem("\(name) has no token", run: "admirror account set-token \(name)"))
            } else if let text = row.tokenState.problem {
                let isDead = !row.tokenState.isValid || !row.tokenState.missingPermissions.isEmpty
                let command = "admirror account set-token \(name)"
                let sentence = "\(name): \(text.hasSuffix(".") ? String(text.dropLast()) : text)"
                findings.append(
                    isDead
                        ? problem(sentence, run: command, Self.reconnecting)
                        : warning(sentence, run: command, Self.reconnecting)
                )
            }
        }
        guard findings.isEmpty else { return findings }
        let first = accounts.compactMap { row in row.tokenState.secondsLeft.map { ($0, row.tokenState.expiresAt ?? "") }
        }
        .min { $0.0 < $1.0 }
        return [
            ok(
                first.map { "all tokens are valid, the first one until \($0.1.prefix(10))" }
                    ?? "no token has a known end"
            )
        ]
    }

    /// Secrets still encrypted with the previous key, while that one is set.
    private func encryption() throws -> [Finding] {
        guard settings.tokenEncryptionOldKey != nil, let cipher = settings.tokenCipher else { return [] }
        let count = try store.secretsCount(notUnder: cipher.keyID)
        return count > 0
            ? [
                warning(
                    "\(count) Facebook tokens are encrypted with TOKEN_ENCRYPTION_OLD_KEY",
                    run: "admirror account rotate-keys"
                )
            ]
            : [
                warning(
                    "TOKEN_ENCRYPTION_OLD_KEY is set, but no token is encrypted with it",
                    "remove the setting, and restart the responders"
                )
            ]
    }

    private func quotas() throws -> [Finding] {
        let quotas = try store.quotaUse()
        let mend =
            "wait; to avoid it, raise SYNC_INTERVAL_SECONDS or the app's access tier"
        // One call may be counted in several quotas, so that they are exhausted together, for the same accounts.
        let exhausted = Dictionary(grouping: quotas.filter { $0.holds > 0 }, by: \.heldAccounts)
            .sorted { ($1.key.count, $0.key.joined()) < ($0.key.count, $1.key.joined()) }
            .map { accounts, uses in
                let names = uses.map(\.quota).sorted().joined(separator: ", ")
                let subject = uses.count == 1 ? "the quota \(names) is" : "the quotas \(names) are"
                // A quota of the whole app belongs to no account.
                let whose =
                    accounts.isEmpty ? "the app" : "\(accounts.count) ad account\(accounts.count == 1 ? "" : "s")"
                return warning("\(subject) exhausted for \(whose)", mend)
            }
        let tight =
            exhausted
            + quotas.filter { $0.holds == 0 && $0.percent >= 75 }
            .map { warning("\(Int($0.percent)) % of the quota \($0.quota) is used", mend) }
        guard tight.isEmpty else { return tight }
        let most = quotas.max { $0.percent < $1.percent }
        return [
            ok(most.map { "at most \(Int($0.percent)) % of a quota is used (\($0.quota))" } ?? "no quota is used yet")
        ]
    }
}
