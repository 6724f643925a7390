-- Objects as Facebook returns them, one row each. Facebook's ad set is an ad_group here and its ad a creative, because
-- the dashboards that read these tables have always used these names.
--
-- Parents are Facebook's ids without a foreign key: objects arrive edge by edge. An ad may arrive before its ad set, or
-- its ad set may not be visible.
--
-- Money is in the major unit of the account's currency. Metrics cover ad_accounts.metrics_since … metrics_until.
-- Undefined ratios are NULL. fillfactor: each sync confirms rows by writing last_synced_at, which then fits on the same
-- page and touches no index.

CREATE TABLE campaigns (
    facebook_campaign_id text COLLATE "C" PRIMARY KEY,
    ad_account_id        uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    name                 text NOT NULL,
    status               text NOT NULL,
    effective_status     text NOT NULL,
    objective            text,
    daily_budget         numeric CHECK (daily_budget >= 0),
    lifetime_budget      numeric CHECK (lifetime_budget >= 0),
    created_at           timestamptz,
    updated_at           timestamptz,
    last_synced_at       timestamptz,

    spent            numeric NOT NULL DEFAULT 0 CHECK (spent >= 0 AND spent <> 'NaN'),
    impressions      bigint NOT NULL DEFAULT 0 CHECK (impressions >= 0),
    clicks           bigint NOT NULL DEFAULT 0 CHECK (clicks >= 0),
    reach            bigint DEFAULT 0,
    frequency        numeric,
    engagement       numeric NOT NULL DEFAULT 0,
    conversions      numeric NOT NULL DEFAULT 0,
    conversion_value numeric NOT NULL DEFAULT 0,

    -- Percent.
    ctr numeric GENERATED ALWAYS AS (trim_scale(round(clicks * 100.0 / nullif(impressions, 0), 6))) STORED,
    cpc numeric GENERATED ALWAYS AS (trim_scale(round(spent / nullif(clicks, 0), 6))) STORED,
    cpm numeric GENERATED ALWAYS AS (trim_scale(round(spent * 1000 / nullif(impressions, 0), 6))) STORED,
    cost_per_conversion numeric
        GENERATED ALWAYS AS (trim_scale(round(spent / nullif(conversions, 0), 6))) STORED
) WITH (fillfactor = 80);
CREATE INDEX campaigns_newest_idx ON campaigns (ad_account_id, created_at DESC, facebook_campaign_id DESC);

CREATE TABLE ad_groups (
    facebook_ad_set_id   text COLLATE "C" PRIMARY KEY,
    ad_account_id        uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    facebook_campaign_id text COLLATE "C" NOT NULL,
    name                 text NOT NULL,
    status               text NOT NULL,
    effective_status     text NOT NULL,
    optimization_goal    text,
    daily_budget         numeric CHECK (daily_budget >= 0),
    lifetime_budget      numeric CHECK (lifetime_budget >= 0),
    created_at           timestamptz,
    updated_at           timestamptz,
    last_synced_at       timestamptz,

    spent            numeric NOT NULL DEFAULT 0 CHECK (spent >= 0 AND spent <> 'NaN'),
    impressions      bigint NOT NULL DEFAULT 0 CHECK (impressions >= 0),
    clicks           bigint NOT NULL DEFAULT 0 CHECK (clicks >= 0),
    reach            bigint DEFAULT 0,
    frequency        numeric,
    engagement       numeric NOT NULL DEFAULT 0,
    conversions      numeric NOT NULL DEFAULT 0,
    conversion_value numeric NOT NULL DEFAULT 0,

    ctr numeric GENERATED ALWAYS AS (trim_scale(round(clicks * 100.0 / nullif(impressions, 0), 6))) STORED,
    cpc numeric GENERATED ALWAYS AS (trim_scale(round(spent / nullif(clicks, 0), 6))) STORED,
    cpm numeric GENERATED ALWAYS AS (trim_scale(round(spent * 1000 / nullif(impressions, 0), 6))) STORED
) WITH (fillfactor = 80);
CREATE INDEX ad_groups_newest_idx ON ad_groups (ad_account_id, created_at DESC, facebook_ad_set_id DESC);

CREATE TABLE creatives (
    facebook_ad_id       text COLLATE "C" PRIMARY KEY,
    ad_account_id        uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    facebook_ad_set_id   text COLLATE "C" NOT NULL,
    facebook_campaign_id text COLLATE "C" NOT NULL,
    name                 text NOT NULL,
    status               text NOT NULL,
    effective_status     text NOT NULL,
    -- What the ad shows, from its creative's object_type: VIDEO, IMAGE, LINK …
    format               text,
    created_at           timestamptz,
    updated_at           timestamptz,
    last_synced_at       timestamptz,

    spent            numeric NOT NULL DEFAULT 0 CHECK (spent >= 0 AND spent <> 'NaN'),
    impressions      bigint NOT NULL DEFAULT 0 CHECK (impressions >= 0),
    clicks           bigint NOT NULL DEFAULT 0 CHECK (clicks >= 0),
    reach            bigint DEFAULT 0,
    frequency        numeric,
    engagement       numeric NOT NULL DEFAULT 0,
    conversions      numeric NOT NULL DEFAULT 0,
    conversion_value numeric NOT NULL DEFAULT 0,

    ctr  numeric GENERATED ALWAYS AS (trim_scale(round(clicks * 100.0 / nullif(impressions, 0), 6))) STORED,
    -- Purchase value divided by spend.
    roas numeric GENERATED ALWAYS AS (trim_scale(round(conversion_value / nullif(spent, 0), 6))) STORED
) WITH (fillfactor = 80);
CREATE INDEX creatives_newest_idx ON creatives (ad_account_id, created_at DESC, facebook_ad_id DESC);
