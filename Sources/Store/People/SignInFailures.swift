internal import Postgres

extension Store {
    /// How many sign-ins may fail in a quarter of an hour: for one person, and from one network address, behind which there may
    /// be many people.
    private static let failuresOfPerson = 10
    private static let failuresOfAddress = 50
    private static let window = 900

    /// Seconds until a person may try to sign in again; 0 for now.
    ///
    /// An unknown email address counts like a known one, so that the response does not reveal which exist. Network
    /// addresses of one IPv6 /64 count as one.
    ///
    /// What was typed as an email address may be a password. Only its SHA-256 is stored, for as long as it counts.
    package func signInDelay(email: String, address: String) throws -> Int {
        try connection.firstRow(
            """
            SELECT ceil(greatest(0, extract(epoch FROM greatest(
                (SELECT at FROM sign_in_failures
                 WHERE person = sha256(convert_to(lower(\(email)), 'UTF8')) AND at > now() - make_interval(secs => \(Self.window)::int)
                 ORDER BY at DESC OFFSET \(Self.failuresOfPerson - 1)::int LIMIT 1),
                (SELECT at FROM sign_in_failures
                 WHERE address = client_network(\(address)) AND at > now() - make_interval(secs => \(Self.window)::int)
                 ORDER BY at DESC OFFSET \(Self.failuresOfAddress - 1)::int LIMIT 1)
            ) + make_interval(secs => \(Self.window)::int) - now())))::int
            """
        ) { $0.optionalInteger(0) ?? 0 } ?? 0
    }

    package func recordSignInFailure(email: String, address: String) throws {
        try connection.execute(
            """
            INSERT INTO sign_in_failures (address, person)
            VALUES (client_network(\(address)), sha256(convert_to(lower(\(email)), 'UTF8')))
            """
        )
        try connection.execute(
            "DELETE FROM sign_in_failures WHERE at < now() - make_interval(secs => \(Self.window)::int)"
        )
    }

    /// The person has signed in, so their earlier failures no longer count. Failures from the address still do.
    package func forgetSignInFailures(email: String) throws {
        try connection.execute(
            "UPDATE sign_in_failures SET person = NULL WHERE person = sha256(convert_to(lower(\(email)), 'UTF8'))"
        )
    }
}
