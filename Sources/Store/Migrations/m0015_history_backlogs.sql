-- History is work of its own: a child reads it when no run waits, a slice at a time.

-- One row for each account that was synced since this table exists.
CREATE TABLE history_backlogs (
    ad_account_id uuid PRIMARY KEY REFERENCES ad_accounts ON DELETE CASCADE,
    -- The most urgent part that is still to be read; NULL when nothing is due.
    wanted        text CHECK (wanted IN ('last_days', 'older_days')),
    -- The child at work writes in the name of its claim; NULL when no child has the account.
    claim         uuid,
    heartbeat_at  timestamptz NOT NULL DEFAULT now(),
    -- No child begins before: Facebook makes a report, or wants a pause.
    due_at        timestamptz NOT NULL DEFAULT now(),
    -- When a child last claimed it: accounts take turns.
    served_at     timestamptz NOT NULL DEFAULT now(),
    -- When something of it last came from Facebook. History without progress for long gets a turn even on a busy host.
    progressed_at timestamptz NOT NULL DEFAULT now(),
    -- The most days in a slice, after larger ones failed.
    slice_days    int CHECK (slice_days > 0),
    -- Days in a row that could not be read.
    failures      int NOT NULL DEFAULT 0,
    warnings      text[] NOT NULL DEFAULT '{}'
);

ALTER TABLE sync_runs
    -- Somebody waits for this account; false for runs that were asked for in bulk.
    ADD COLUMN is_awaited  boolean NOT NULL DEFAULT true,
    -- When it was first asked for: a run that waits for long becomes as urgent as one that somebody waits for.
    ADD COLUMN waits_since timestamptz NOT NULL DEFAULT now();

-- How many times the report was ordered: one that fails again and again is given up, whichever child ordered it.
ALTER TABLE report_runs ADD COLUMN orders int NOT NULL DEFAULT 1;
