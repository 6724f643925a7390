-- Reach, frequency and unique clicks of periods such as the last 7 days. Facebook counts a person once in a period, so the
-- numbers of its days cannot be added up.

-- When somebody last looked at the objects of a level. Nothing is read for the others.
CREATE TABLE level_looks (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    level         text COLLATE "C" NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    looked_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ad_account_id, level)
);

-- The periods that were read, or could not be read.
CREATE TABLE period_readings (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    level         text COLLATE "C" NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    since         date NOT NULL,
    until         date NOT NULL,
    -- When it was stored; NULL if it never was.
    read_at       timestamptz,
    -- When reading it last failed, and why; NULL after a success.
    failed_at     timestamptz,
    error         text,
    -- Some rows could not be used, so an object without a row may have had something.
    lacks_rows    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (ad_account_id, level, since, until)
);

-- What each object had in such a period. NULL is unknown. An object without delivery has no row.
CREATE TABLE period_results (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    level         text COLLATE "C" NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    since         date NOT NULL,
    until         date NOT NULL,
    object_id     text COLLATE "C" NOT NULL,
    reach         bigint,
    frequency     numeric,
    unique_clicks bigint,
    PRIMARY KEY (ad_account_id, level, since, until, object_id)
);

-- How many calls reading periods has cost on a day of the account.
CREATE TABLE period_calls (
    ad_account_id uuid PRIMARY KEY REFERENCES ad_accounts ON DELETE CASCADE,
    day           date NOT NULL,
    calls         int NOT NULL
);

ALTER TABLE history_backlogs DROP CONSTRAINT history_backlogs_wanted_check;
ALTER TABLE history_backlogs ADD CONSTRAINT history_backlogs_wanted_check
    CHECK (wanted IN ('last_days', 'older_days', 'periods'));
