-- History is separate work: a child reads it in slices while no run waits.

-- One row for each account that has synced since this migration.
CREATE TABLE history_backlogs (
    ad_account_id uuid PRIMARY KEY REFERENCES ad_accounts ON DELETE CASCADE,
    -- The most urgent part to read; NULL if nothing is due.
    wanted        text CHECK (wanted IN ('last_days', 'older_days')),
    -- The claim of the child that works on it; NULL if no child does.
    claim         uuid,
    heartbeat_at  timestamptz NOT NULL DEFAULT now(),
    -- No child starts before this time: Facebook computes a report, or wants a pause.
    due_at        timestamptz NOT NULL DEFAULT now(),
    -- When a child last claimed it. Accounts take turns.
    served_at     timestamptz NOT NULL DEFAULT now(),
    -- When its last data arrived from Facebook. History without progress for long gets a turn even on a busy host.
    progressed_at timestamptz NOT NULL DEFAULT now(),
    -- The most days in a slice, after larger ones failed.
    slice_days    int CHECK (slice_days > 0),
    -- Days in a row that could not be read.
    failures      int NOT NULL DEFAULT 0,
    warnings      text[] NOT NULL DEFAULT '{}'
);

ALTER TABLE sync_runs
    -- A person waits for this account; false for runs that were requested in bulk.
    ADD COLUMN is_awaited  boolean NOT NULL DEFAULT true,
    -- When it was first requested. A run that waits for long becomes as urgent as one that a person waits for.
    ADD COLUMN waits_since timestamptz NOT NULL DEFAULT now();

-- How many times the report was ordered, by any child. A report that fails repeatedly is given up.
ALTER TABLE report_runs ADD COLUMN orders int NOT NULL DEFAULT 1;
