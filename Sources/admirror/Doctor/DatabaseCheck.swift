import Program
import Store

/// The database, and the replica if there is one.
struct DatabaseCheck: Check {
    let area = "database"
    let settings: Settings
    let store: Store

    func look() -> [Finding] {
        let primary = look(at: store)
        guard settings.databaseReadURL != settings.databaseURL else { return primary }
        var replica = settings
        replica.databaseURL = settings.databaseReadURL
        return primary + lookAtReplica(Operator.store(replica))
    }

    private func look(at store: Store) -> [Finding] {
        do {
            let condition = try store.databaseCondition()
            var findings = [
                ok("PostgreSQL \(condition.version) responds, the schema has version \(Schema.knownVersion)")
            ]
            if condition.majorVersion < 15 {
                findings.append(
                    problem("PostgreSQL \(condition.majorVersion) is too old", "install PostgreSQL 15 or later")
                )
            }
            if condition.isReadOnly {
                findings.append(
                    problem(
                        "it is read-only",
                        "set DATABASE_URL to the primary, or add target_session_attrs=read-write"
                    )
                )
            }
            if !condition.forbiddenTables.isEmpty {
                let tables = condition.forbiddenTables.joined(separator: ", ")
                findings.append(
                    problem(
                        "the role lacks permissions on \(tables)",
                        "run admirror migrate as the role that owns the tables, or GRANT it SELECT, INSERT, UPDATE and DELETE"
                    )
                )
            }
            return findings + [clock(condition)]
        } catch let error as Schema.Mismatch {
            return [
                error.found < error.known
                    ? problem("\(error)", run: "admirror migrate")
                    : problem("\(error)", "install the newer AdMirror on this host, too")
            ]
        } catch {
            return [
                problem("does not respond: \(error)", "start PostgreSQL, and check DATABASE_URL (admirror settings)")
            ]
        }
    }

    private func clock(_ condition: DatabaseCondition) -> Finding {
        let skew = abs(condition.now - secondsSince1970())
        return skew < 5
            ? ok("its clock and this host's agree")
            : warning(
                "its clock and this host's are \(words(for: skew)) apart",
                "use the same NTP servers on both hosts"
            )
    }

    private func lookAtReplica(_ replica: Store) -> [Finding] {
        do {
            let lag = try replica.databaseCondition().replicaLag
            guard let lag else { return [ok("DATABASE_READ_URL is a primary, not a replica")] }
            return lag < 30
                ? [ok("the replica is \(words(for: lag)) behind")]
                : [
                    warning(
                        "the replica is \(words(for: lag)) behind: reads of newer data use the primary",
                        "see pg_stat_replication on the primary"
                    )
                ]
        } catch {
            return [
                warning(
                    "the replica does not respond, so all reads use the primary: \(error)",
                    "start it, or remove DATABASE_READ_URL"
                )
            ]
        }
    }
}
