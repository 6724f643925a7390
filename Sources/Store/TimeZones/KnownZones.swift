internal import Postgres

extension Store {
    /// PostgreSQL's name of a time zone.
    ///
    /// `AT TIME ZONE` takes far more than names: it reads "14" and "UTC+3" as rules of POSIX, with the sign turned round. So
    /// a name counts only when PostgreSQL lists it. That list is made from the system's files, which takes 50 ms.
    /// - Parameter name: as Facebook has it, in capitals or not; also one that was given up or is newer than the files.
    /// - Returns: `nil` for a zone that PostgreSQL does not know under any name.
    package func knownZone(_ name: String) throws -> String? {
        try connection.firstRow(
            """
            SELECT known.name
            FROM unnest(\(TextArray(RenamedZones.names(of: name)))::text[]) WITH ORDINALITY AS asked (name, place)
            JOIN pg_timezone_names known ON lower(known.name) = lower(asked.name)
            -- The list has files that are no zones: localtime, posixrules, Factory.
            WHERE known.name ~ '^[A-Z]' AND known.name <> 'Factory'
            ORDER BY asked.place LIMIT 1
            """
        ) { try $0.text(0) }
    }

    /// The zone in which days of an account are counted.
    func zoneOfDays(_ facebookZone: String) throws -> String { try knownZone(facebookZone) ?? "UTC" }
}
