-- What administrators monitor, and what may be pruned.

-- All finished runs, including pruned ones and those of removed accounts, so that counters never decrease.
CREATE TABLE sync_totals (
    trigger      text NOT NULL,
    outcome      text NOT NULL,
    runs         bigint NOT NULL,
    -- From start to end; 0 for a run whose process could not start.
    seconds      float8 NOT NULL,
    api_calls    bigint NOT NULL,
    retries      bigint NOT NULL,
    waits        bigint NOT NULL,
    wait_seconds float8 NOT NULL,
    rows_changed bigint NOT NULL,
    PRIMARY KEY (trigger, outcome)
);
INSERT INTO sync_totals
SELECT trigger, outcome, count(*), coalesce(sum(extract(epoch FROM finished_at - started_at)), 0), sum(api_calls),
       sum(retries), sum(waits), sum(wait_seconds), sum(rows_changed)
FROM sync_runs WHERE finished_at IS NOT NULL GROUP BY trigger, outcome;

-- A trigger, because runs end in several places: in their own process, in the next one, or without any.
CREATE FUNCTION count_sync_run() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO sync_totals AS t
    VALUES (NEW.trigger, NEW.outcome, 1, coalesce(extract(epoch FROM NEW.finished_at - NEW.started_at), 0),
            NEW.api_calls, NEW.retries, NEW.waits, NEW.wait_seconds, NEW.rows_changed)
    ON CONFLICT (trigger, outcome) DO UPDATE SET
        runs = t.runs + 1, seconds = t.seconds + excluded.seconds, api_calls = t.api_calls + excluded.api_calls,
        retries = t.retries + excluded.retries, waits = t.waits + excluded.waits,
        wait_seconds = t.wait_seconds + excluded.wait_seconds, rows_changed = t.rows_changed + excluded.rows_changed;
    RETURN NULL;
END $$;
CREATE TRIGGER sync_runs_are_counted AFTER UPDATE OF finished_at ON sync_runs
    FOR EACH ROW WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL) EXECUTE FUNCTION count_sync_run();

CREATE INDEX sync_runs_finished_at_idx ON sync_runs (finished_at);

-- Periodic jobs whose last run is recorded.
CREATE TABLE last_done (
    -- cron: a request to sync all due accounts. prune: admirror prune.
    what text PRIMARY KEY,
    at   timestamptz NOT NULL DEFAULT now()
);
