-- Requested syncs: waiting, running (the process holds the account's advisory lock) or finished.

CREATE TABLE sync_runs (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    trigger       text NOT NULL CHECK (trigger IN ('read', 'cron', 'manual', 'cli')),
    -- When a child process was last started for it.
    requested_at  timestamptz NOT NULL DEFAULT now(),
    started_at    timestamptz,
    finished_at   timestamptz,
    -- done: all data committed. failed: see error. interrupted: its process ended before it recorded an outcome.
    outcome       text CHECK (outcome IN ('done', 'failed', 'interrupted')),
    error         text,

    phase       text,
    phase_done  int,
    phase_total int,
    percent     int,

    campaigns    int NOT NULL DEFAULT 0,
    ad_sets      int NOT NULL DEFAULT 0,
    ads          int NOT NULL DEFAULT 0,
    insights     int NOT NULL DEFAULT 0,
    rows_changed int NOT NULL DEFAULT 0,
    api_calls    int NOT NULL DEFAULT 0,

    CHECK ((finished_at IS NULL) = (outcome IS NULL))
);
-- At most one unfinished run per account on all hosts, so that many reads start one child.
CREATE UNIQUE INDEX sync_runs_unfinished_key ON sync_runs (ad_account_id) WHERE finished_at IS NULL;
CREATE INDEX sync_runs_latest_idx ON sync_runs (ad_account_id, requested_at DESC);
