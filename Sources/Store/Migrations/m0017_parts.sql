-- For each part of an account (objects, totals, days): what is stored, its age, and what could not be read.

ALTER TABLE sync_lists
    -- When it was last stored.
    ADD COLUMN synced_at timestamptz,
    -- Why the last attempt failed, since when, and how many failed in a row. NULL after a success.
    ADD COLUMN error text,
    ADD COLUMN failed_at timestamptz,
    ADD COLUMN failures int NOT NULL DEFAULT 0,
    -- The days that the stored totals, or the account's days, cover.
    ADD COLUMN since date,
    ADD COLUMN until date,
    -- Totals: the sums of the account's days that they belong to. Other sums mean other totals.
    ADD COLUMN basis text,
    -- Totals: how many readings in a row did not add up to those sums.
    ADD COLUMN attempts int NOT NULL DEFAULT 0,
    -- Totals: campaigns whose objects have no totals, because Facebook did not return them.
    ADD COLUMN missing_campaigns text[] NOT NULL DEFAULT '{}';

ALTER TABLE insights_days
    -- When reading the day's ads last failed, and why; `error` is NULL after a success.
    ADD COLUMN tried_at timestamptz,
    ADD COLUMN error text,
    -- Campaigns whose ads could not be read on this day.
    ADD COLUMN missing_campaigns text[] NOT NULL DEFAULT '{}';

-- Totals that arrived before their object. The object gets them when a listing shows it.
CREATE TABLE early_totals (
    ad_account_id    uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    level            text NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    id               text COLLATE "C" NOT NULL,
    spent            numeric,
    impressions      bigint,
    clicks           bigint,
    reach            bigint,
    frequency        numeric,
    engagement       numeric,
    conversions      numeric,
    conversion_value numeric,
    PRIMARY KEY (ad_account_id, level, id)
);

UPDATE sync_lists l SET synced_at = a.last_synced_at FROM ad_accounts a
WHERE a.id = l.ad_account_id AND l.list IN ('campaigns', 'ad_sets', 'ads') AND l.listed_at IS NOT NULL;

INSERT INTO sync_lists AS l (ad_account_id, list, synced_at, since, until, basis, attempts)
SELECT a.id, t.list, a.last_synced_at, a.metrics_since, a.metrics_until, a.totals_basis, a.totals_attempts
FROM ad_accounts a CROSS JOIN (VALUES ('campaign_totals'), ('ad_set_totals'), ('ad_totals')) AS t (list)
WHERE a.metrics_since IS NOT NULL
ON CONFLICT (ad_account_id, list) DO UPDATE SET synced_at = excluded.synced_at, since = excluded.since,
    until = excluded.until, basis = excluded.basis, attempts = excluded.attempts;

-- The version before marked unreadable days as partly read, and left them alone after three attempts.
UPDATE insights_days d SET state = NULL, read_at = NULL, attempts = 0
WHERE state = 'partial' AND basis IS NULL
  AND NOT EXISTS (SELECT FROM insights_daily i WHERE i.ad_account_id = d.ad_account_id AND i.day = d.day);
UPDATE insights_days SET attempts = 0 WHERE state = 'partial';

-- Metrics are NULL while they are unknown: before the first totals, and if Facebook did not return them.
ALTER TABLE campaigns
    ALTER COLUMN spent DROP NOT NULL, ALTER COLUMN impressions DROP NOT NULL, ALTER COLUMN clicks DROP NOT NULL,
    ALTER COLUMN engagement DROP NOT NULL, ALTER COLUMN conversions DROP NOT NULL,
    ALTER COLUMN conversion_value DROP NOT NULL;
ALTER TABLE ad_groups
    ALTER COLUMN spent DROP NOT NULL, ALTER COLUMN impressions DROP NOT NULL, ALTER COLUMN clicks DROP NOT NULL,
    ALTER COLUMN engagement DROP NOT NULL, ALTER COLUMN conversions DROP NOT NULL,
    ALTER COLUMN conversion_value DROP NOT NULL;
ALTER TABLE creatives
    ALTER COLUMN spent DROP NOT NULL, ALTER COLUMN impressions DROP NOT NULL, ALTER COLUMN clicks DROP NOT NULL,
    ALTER COLUMN engagement DROP NOT NULL, ALTER COLUMN conversions DROP NOT NULL,
    ALTER COLUMN conversion_value DROP NOT NULL;

-- When a person last requested a forced sync: days that were read before are read again, even if they are not due.
ALTER TABLE history_backlogs ADD COLUMN forced_at timestamptz;
