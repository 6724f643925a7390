internal import Postgres

// The API version that Facebook accepts from an app, shared by all processes on all hosts. Times are by the database's
// clock.

/// The known state of an app's version.
package struct GraphVersionRecord: Sendable, Equatable {
    /// FACEBOOK_API_VERSION when the version was found.
    package var configured: String
    package var accepted: String
    /// RFC 3339.
    package var since: String
    /// Seconds since Facebook last accepted it.
    package var age: Double
    /// `configured`, `named`, `tried` or `upgraded`.
    package var reason: String
    /// The first day without the version, if Meta has given one, and the seconds until then.
    package var endsOn: String?
    package var secondsLeft: Double?
}

/// Who must find out which version Facebook accepts.
package enum GraphVersionClaim: Sendable, Equatable {
    case known(GraphVersionRecord)
    /// The process that asked. Others wait for it.
    case mine
    /// Another process is at it.
    case underway
}

extension Store {
    /// Returns the version that Facebook accepts. If none is known, the configured one has changed, or a week has
    /// passed, one process at a time must find out.
    package func claimGraphVersion(app: String, configured: String) throws -> GraphVersionClaim {
        let isMine = try connection.firstRow(
            """
            INSERT INTO graph_versions AS v (app_id, configured, claimed_at) VALUES (\(app), \(configured), now())
            ON CONFLICT (app_id) DO UPDATE SET claimed_at = now(), configured = excluded.configured,
                accepted = CASE WHEN v.configured = excluded.configured THEN v.accepted END
            WHERE (v.configured <> excluded.configured OR v.accepted IS NULL OR v.checked_at < now() - interval '7 days')
                AND (v.claimed_at IS NULL OR v.claimed_at < now() - interval '30 seconds')
            RETURNING true
            """
        ) { try $0.boolean(0) }
        if isMine == true { return .mine }
        let record = try graphVersions(app: app).first
        return record.flatMap { $0.configured == configured ? .known($0) : nil } ?? .underway
    }

    /// The known versions, of one app or of all.
    package func graphVersions(app: String? = nil) throws -> [GraphVersionRecord] {
        try connection.rows(
            """
            SELECT configured, accepted, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                   extract(epoch FROM now() - checked_at), reason, ends_on::text,
                   extract(epoch FROM ends_on::timestamptz - now())
            FROM graph_versions WHERE accepted IS NOT NULL AND (\(app)::text IS NULL OR app_id = \(app)) ORDER BY app_id
            """
        ) { row in
            GraphVersionRecord(
                configured: try row.text(0),
                accepted: try row.text(1),
                since: try row.text(2),
                age: row.optionalDouble(3) ?? 0,
                reason: try row.text(4),
                endsOn: row.optionalText(5),
                secondsLeft: row.optionalDouble(6)
            )
        }
    }

    /// Versions that Facebook refused in the last day.
    package func refusedGraphVersions(app: String) throws -> Set<String> {
        Set(
            try connection.rows(
                """
                SELECT version FROM graph_version_refusals
                WHERE app_id = \(app) AND refused_at > now() - interval '1 day'
                """
            ) { try $0.text(0) }
        )
    }

    /// Writes down that Facebook accepts a version.
    /// - Parameter endsOn: `2027-02-23`
    package func recordGraphVersion(
        _ accepted: String,
        configured: String,
        reason: String,
        endsOn: String?,
        app: String
    ) throws {
        try connection.execute(
            """
            INSERT INTO graph_versions AS v (app_id, configured, accepted, since, checked_at, reason, ends_on)
            VALUES (\(app), \(configured), \(accepted), now(), now(), \(reason), \(endsOn)::date)
            ON CONFLICT (app_id) DO UPDATE SET configured = excluded.configured, accepted = excluded.accepted,
                since = CASE WHEN v.accepted = excluded.accepted THEN v.since ELSE now() END, checked_at = now(),
                claimed_at = NULL, reason = excluded.reason, ends_on = excluded.ends_on
            """
        )
    }

    package func recordRefusedGraphVersion(_ version: String, app: String) throws {
        try connection.execute(
            """
            INSERT INTO graph_version_refusals (app_id, version, refused_at) VALUES (\(app), \(version), now())
            ON CONFLICT (app_id, version) DO UPDATE SET refused_at = now()
            """
        )
    }
}
