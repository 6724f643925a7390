-- What makes a sync complete, cheap and interruptible: a memory of each list, fetched data that is not yet committed,
-- Facebook's limits, the days of each ad, and changes.

-- Bids, schedules, and objects that Facebook no longer lists.
ALTER TABLE campaigns
    ADD COLUMN bid_strategy text,
    ADD COLUMN starts_at timestamptz,
    ADD COLUMN ends_at timestamptz,
    -- Since when complete listings have not included it.
    ADD COLUMN missing_since timestamptz,
    -- Since when it counts as deleted; both statuses are then DELETED.
    ADD COLUMN gone_at timestamptz;
ALTER TABLE ad_groups
    ADD COLUMN bid_strategy text,
    ADD COLUMN bid_amount numeric,
    ADD COLUMN starts_at timestamptz,
    ADD COLUMN ends_at timestamptz,
    ADD COLUMN missing_since timestamptz,
    ADD COLUMN gone_at timestamptz;
ALTER TABLE creatives
    ADD COLUMN missing_since timestamptz,
    ADD COLUMN gone_at timestamptz;

-- A sync confirms every row of an account in one statement. With half of each page free, all new row versions fit next
-- to the old ones (HOT): no index is touched, and the write-ahead log gets only the changed bytes.
ALTER TABLE campaigns SET (fillfactor = 50);
ALTER TABLE ad_groups SET (fillfactor = 50);
ALTER TABLE creatives SET (fillfactor = 50);

-- Checking the account for each new row would take a third of the time of storing 100,000. Only a sync stores rows, for
-- an account whose run it holds, and `removeAdAccount` deletes them.
ALTER TABLE campaigns DROP CONSTRAINT campaigns_ad_account_id_fkey;
ALTER TABLE ad_groups DROP CONSTRAINT ad_groups_ad_account_id_fkey;
ALTER TABLE creatives DROP CONSTRAINT creatives_ad_account_id_fkey;

ALTER TABLE ad_accounts
    -- The app whose quota counts the account's calls; '' for one without an id.
    ADD COLUMN facebook_app_id text NOT NULL DEFAULT '',
    -- When Facebook last returned name, currency, time zone and status.
    ADD COLUMN checked_at timestamptz,
    -- The sums of the account's days on which the stored totals are based. If the sums differ, the totals are outdated.
    ADD COLUMN totals_basis text,
    -- Readings in a row that did not add up to these sums.
    ADD COLUMN totals_attempts int NOT NULL DEFAULT 0,
    -- Raised when the days of ads have changed.
    ADD COLUMN insights_version bigint NOT NULL DEFAULT 1;

-- What each sync remembers of a list for the next one.
CREATE TABLE sync_lists (
    ad_account_id     uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    list              text NOT NULL,
    -- The latest updated_time up to which everything was surely seen.
    watermark         timestamptz,
    -- When all of it, in every status, was last read.
    listed_at         timestamptz,
    -- Too much was missing at once, so the next sync reads all of it again.
    is_listing_wanted boolean NOT NULL DEFAULT false,
    -- Changes to the request that Facebook made necessary.
    page_size         int CHECK (page_size > 0),
    refused_fields    text[] NOT NULL DEFAULT '{}',
    adapted_at        timestamptz,
    PRIMARY KEY (ad_account_id, list)
);

-- Reports that Facebook computes in the background. Each was paid for, so a later run continues with it.
CREATE TABLE report_runs (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    list          text NOT NULL,
    since         date NOT NULL,
    until         date NOT NULL,
    report_id     text NOT NULL,
    -- The account's figures for the days when the report was ordered. If they change, the report is useless.
    basis         text NOT NULL,
    ordered_at    timestamptz NOT NULL DEFAULT now(),
    -- The progress of the report, and since when it has not changed.
    percent       int NOT NULL DEFAULT 0,
    progressed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ad_account_id, list, since, until)
);

-- The use of each of Facebook's quotas, for all processes on all hosts.
CREATE TABLE api_usage (
    app_id              text NOT NULL,
    -- '' for quotas of the whole app.
    facebook_account_id text COLLATE "C" NOT NULL,
    quota               text NOT NULL,
    percent             float8 NOT NULL,
    observed_at         timestamptz NOT NULL,
    -- No call before this time.
    held_until          timestamptz,
    PRIMARY KEY (app_id, facebook_account_id, quota)
);

-- The days of each ad, in the account's time zone. Only days with results have rows. Money is in major units.
CREATE TABLE insights_daily (
    ad_account_id        uuid NOT NULL,
    day                  date NOT NULL,
    facebook_ad_id       text COLLATE "C" NOT NULL,
    facebook_ad_set_id   text COLLATE "C" NOT NULL,
    facebook_campaign_id text COLLATE "C" NOT NULL,
    spent                numeric NOT NULL CHECK (spent >= 0 AND spent <> 'NaN'),
    impressions          bigint NOT NULL CHECK (impressions >= 0),
    clicks               bigint NOT NULL CHECK (clicks >= 0),
    engagement           numeric NOT NULL,
    conversions          numeric NOT NULL,
    conversion_value     numeric NOT NULL,
    -- Everything that Facebook returned; the three columns above are derived from it.
    actions              jsonb,
    action_values        jsonb,
    fetched_at           timestamptz NOT NULL,
    PRIMARY KEY (ad_account_id, day, facebook_ad_id)
);
CREATE INDEX insights_daily_ad_idx ON insights_daily (facebook_ad_id, day);

-- The days of each account: its own figures, and whether the days of its ads add up to them.
CREATE TABLE insights_days (
    ad_account_id    uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    day              date NOT NULL,
    spent            numeric NOT NULL,
    impressions      bigint NOT NULL,
    clicks           bigint NOT NULL,
    reach            bigint,
    engagement       numeric NOT NULL,
    conversions      numeric NOT NULL,
    conversion_value numeric NOT NULL,
    -- The account's figures for the day when its ads were last read, and when that was.
    basis            text,
    read_at          timestamptz,
    -- complete: the ads add up to the account. partial: not yet. NULL: never read.
    state            text CHECK (state IN ('complete', 'partial')),
    -- Readings in a row that did not add up.
    attempts         int NOT NULL DEFAULT 0,
    PRIMARY KEY (ad_account_id, day)
);

-- Changes by people or Facebook: name, status, budget, bid, schedule.
CREATE TABLE object_changes (
    id                 bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    ad_account_id      uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    -- When a sync saw it.
    seen_at            timestamptz NOT NULL DEFAULT now(),
    level              text NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    facebook_object_id text COLLATE "C" NOT NULL,
    -- Its current name.
    name               text NOT NULL,
    field              text NOT NULL,
    old_value          text,
    new_value          text
);
CREATE INDEX object_changes_newest_idx ON object_changes (ad_account_id, seen_at DESC, id DESC);

ALTER TABLE sync_runs
    -- A person wants everything read, even if the data is fresh.
    ADD COLUMN is_forced    boolean NOT NULL DEFAULT false,
    -- When its process last reported progress.
    ADD COLUMN heartbeat_at timestamptz,
    -- [{"phase", "startedAt", "finishedAt", "rows", "calls"}]
    ADD COLUMN phases       jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN rows_seen    int NOT NULL DEFAULT 0,
    ADD COLUMN rows_gone    int NOT NULL DEFAULT 0,
    ADD COLUMN retries      int NOT NULL DEFAULT 0,
    -- Calls delayed to stay clear of a limit, and the total delay in seconds.
    ADD COLUMN waits        int NOT NULL DEFAULT 0,
    ADD COLUMN wait_seconds float8 NOT NULL DEFAULT 0,
    ADD COLUMN warnings     text[] NOT NULL DEFAULT '{}',
    ADD COLUMN api_version  text;

-- What runs have fetched and not yet committed. It survives a stopped process, so that the next run continues from it.
-- It does not survive a crash of the database, and neither does the progress of each list: both tables are unlogged and
-- are emptied together.
CREATE UNLOGGED TABLE staged_lists (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    list          text NOT NULL,
    -- The request. Pages of another request are useless.
    request       text NOT NULL,
    basis         text,
    -- When it began, by Facebook's clock if known.
    began_at      timestamptz NOT NULL,
    cursor        text,
    rows          int NOT NULL DEFAULT 0,
    total         int,
    is_complete   boolean NOT NULL DEFAULT false,
    latest_update timestamptz,
    touched_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ad_account_id, list)
);
CREATE UNLOGGED TABLE staged_campaigns (
    ad_account_id uuid NOT NULL, id text COLLATE "C" NOT NULL, name text, status text, effective_status text,
    objective text, daily_budget numeric, lifetime_budget numeric, bid_strategy text, starts_at timestamptz,
    ends_at timestamptz, created_at timestamptz, updated_at timestamptz);
CREATE UNLOGGED TABLE staged_ad_sets (
    ad_account_id uuid NOT NULL, id text COLLATE "C" NOT NULL, campaign_id text COLLATE "C", name text, status text,
    effective_status text, optimization_goal text, daily_budget numeric, lifetime_budget numeric, bid_strategy text,
    bid_amount numeric, starts_at timestamptz, ends_at timestamptz, created_at timestamptz, updated_at timestamptz);
CREATE UNLOGGED TABLE staged_ads (
    ad_account_id uuid NOT NULL, id text COLLATE "C" NOT NULL, ad_set_id text COLLATE "C",
    campaign_id text COLLATE "C", name text, status text, effective_status text, format text, created_at timestamptz,
    updated_at timestamptz);
CREATE UNLOGGED TABLE staged_totals (
    ad_account_id uuid NOT NULL, level text NOT NULL, id text COLLATE "C" NOT NULL, spent numeric, impressions bigint,
    clicks bigint, reach bigint, frequency numeric, engagement numeric, conversions numeric, conversion_value numeric);
CREATE UNLOGGED TABLE staged_days (
    ad_account_id uuid NOT NULL, list text NOT NULL, day date NOT NULL, ad_id text COLLATE "C" NOT NULL,
    ad_set_id text COLLATE "C" NOT NULL, campaign_id text COLLATE "C" NOT NULL, spent numeric, impressions bigint,
    clicks bigint, engagement numeric, conversions numeric, conversion_value numeric, actions jsonb,
    action_values jsonb);
CREATE INDEX staged_campaigns_idx ON staged_campaigns (ad_account_id, id);
CREATE INDEX staged_ad_sets_idx ON staged_ad_sets (ad_account_id, id);
CREATE INDEX staged_ads_idx ON staged_ads (ad_account_id, id);
CREATE INDEX staged_totals_idx ON staged_totals (ad_account_id, level);
CREATE INDEX staged_days_idx ON staged_days (ad_account_id, list);
