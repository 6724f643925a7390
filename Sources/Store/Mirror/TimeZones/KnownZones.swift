internal import Postgres

extension Store {
    /// PostgreSQL's name of a time zone.
    ///
    /// `AT TIME ZONE` takes far more than names: it reads "14" and "UTC+3" as rules of POSIX, with the sign turned round. So
    /// a name counts only when PostgreSQL lists it. PostgreSQL makes that list from all files of the system, which takes 50 ms,
    /// so the name is first tried by itself.
    /// - Parameter name: as Facebook has it, in capitals or not; also one that was given up or is newer than the files.
    /// - Returns: `nil` for a zone that PostgreSQL does not know under any name.
    package func knownZone(_ name: String) throws -> String? {
        if ZoneName.isPlain(name), try canonicalZone(name) == name { return name }
        return try connection.firstRow(
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

    /// The name of a zone as PostgreSQL spells it. PostgreSQL reads one file for it instead of all. Call it outside of a
    /// transaction, which a name that is unknown would abort.
    private func canonicalZone(_ name: String) throws -> String? {
        do {
            // The setting ends with the statement.
            return try connection.firstRow("SELECT set_config('TimeZone', \(name), true)") { try $0.text(0) }
        } catch let error as PostgresError where error.code.rawValue == "22023" {
            return nil  // invalid_parameter_value: no such zone
        }
    }

    /// The zone in which days of an account are counted.
    func zoneOfDays(_ facebookZone: String) throws -> String { try knownZone(facebookZone) ?? "UTC" }
}

private enum ZoneName {
    /// Whether a name can only be a zone of the system's files: a rule of POSIX has a digit, and the files that are no zones
    /// begin with a small letter or are called Factory.
    static func isPlain(_ name: String) -> Bool {
        guard let first = name.utf8.first, UInt8(ascii: "A")...UInt8(ascii: "Z") ~= first, name != "Factory" else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "/"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }
}
