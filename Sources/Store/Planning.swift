internal import Postgres

// What PostgreSQL's planner has to know about our statements.

extension Connection {
    /// What a store sets on each new connection.
    func setPlannerSettings() throws {
        try runScript(
            """
            -- Compiling a wide statement takes longer than running it on the data of one account.
            SET jit = off;
            -- The head of an answer has to come before its rows, see `AnswerLayout`.
            SET enable_parallel_append = off;
            -- Sums and sorts of days of thousands of ads fit in memory.
            SET work_mem = '16MB';
            """
        )
    }
}

extension Query {
    /// Joins by hashing or sorting, never row by row. For sets that the planner estimates as a handful of rows but are
    /// not. It would compute the sums again for each row.
    mutating func joinBySets() {
        settings["enable_nestloop"] = "off"
    }
}
