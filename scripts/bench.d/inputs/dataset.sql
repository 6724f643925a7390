-- One account as scripts/bench read wants it. Needs the psql variables account, campaigns, ad_sets, ads and days: so many
-- days of each ad's results there are, today included.
--
-- The account is there already, with somebody who may see it. Every column that an answer has is filled, and numbers have
-- as many digits as those of a real account. The same seed gives the same rows, but for their dates.

SELECT setseed(0.42);

CREATE FUNCTION pg_temp.pick(VARIADIC words text[]) RETURNS text LANGUAGE sql VOLATILE
AS $$ SELECT words[1 + floor(random() * cardinality(words))::int] $$;

-- About one name in two has something beyond ASCII, and one in ten has to be escaped in JSON.
CREATE FUNCTION pg_temp.title(number int) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT concat_ws(
        ' | ',
        pg_temp.pick('Prospecting', 'Retargeting', 'Remarketing – 30 Tage', 'Acquisition été', 'Lookalike 1 %', 'Broad'),
        pg_temp.pick('Schuhe für Kinder', 'Été à Paris', 'Winter Sale', 'Größe "XL"', 'Crème brûlée', 'Summer Collection',
                     'Niño y niña', 'New Arrivals', '春のセール', 'Free Shipping'),
        pg_temp.pick('DE', 'FR', 'US', 'ES', 'JP', 'UK', 'DACH'),
        to_char(number, 'FM000000')
    )
$$;

-- A number between two others, small ones more often.
CREATE FUNCTION pg_temp.amount(low float8, high float8) RETURNS float8 LANGUAGE sql VOLATILE
AS $$ SELECT low + (high - low) * random() ^ 2 $$;

CREATE FUNCTION pg_temp.key(account text, kind int, number int) RETURNS text LANGUAGE sql IMMUTABLE
AS $$ SELECT '12' || account || kind || lpad(number::text, 10, '0') $$;

-- No sync may start while reads are measured.
UPDATE ad_accounts
SET last_synced_at = now(), sync_status = 'idle', time_zone = 'UTC',
    metrics_since = (now() AT TIME ZONE 'UTC')::date - 29, metrics_until = (now() AT TIME ZONE 'UTC')::date
WHERE facebook_account_id = :'account';
SELECT id AS account_id FROM ad_accounts WHERE facebook_account_id = :'account' \gset

-- The metrics that came after the first edition, their values of an object, and those of one of its days.
\set more 'link_clicks, outbound_clicks, landing_page_views, leads, complete_registrations, app_installs, messaging_conversations, view_content, add_to_cart, initiate_checkout, post_reactions, comments, shares, video_plays, video_3s_plays, thruplays, video_p25, video_p50, video_p75, video_p95, video_p100'
\set more_values 'ceil(clicks * 0.7), ceil(clicks * 0.6), ceil(clicks * 0.5), ceil(clicks * 0.05), ceil(clicks * 0.03), ceil(clicks * 0.02), ceil(clicks * 0.01), ceil(clicks * 0.4), ceil(clicks * 0.1), ceil(clicks * 0.05), ceil(engagement * 0.1), ceil(engagement * 0.02), ceil(engagement * 0.01), ceil(impressions * 0.4), ceil(impressions * 0.2), ceil(impressions * 0.05), ceil(impressions * 0.15), ceil(impressions * 0.1), ceil(impressions * 0.08), ceil(impressions * 0.06), ceil(impressions * 0.05)'
\set more_of_day 'ceil(clicks * 0.7 * share), ceil(clicks * 0.6 * share), ceil(clicks * 0.5 * share), ceil(clicks * 0.05 * share), ceil(clicks * 0.03 * share), ceil(clicks * 0.02 * share), ceil(clicks * 0.01 * share), ceil(clicks * 0.4 * share), ceil(clicks * 0.1 * share), ceil(clicks * 0.05 * share), ceil(engagement * 0.1 * share), ceil(engagement * 0.02 * share), ceil(engagement * 0.01 * share), ceil(impressions * 0.4 * share), ceil(impressions * 0.2 * share), ceil(impressions * 0.05 * share), ceil(impressions * 0.15 * share), ceil(impressions * 0.1 * share), ceil(impressions * 0.08 * share), ceil(impressions * 0.06 * share), ceil(impressions * 0.05 * share)'
\set more_sums 'sum(link_clicks), sum(outbound_clicks), sum(landing_page_views), sum(leads), sum(complete_registrations), sum(app_installs), sum(messaging_conversations), sum(view_content), sum(add_to_cart), sum(initiate_checkout), sum(post_reactions), sum(comments), sum(shares), sum(video_plays), sum(video_3s_plays), sum(thruplays), sum(video_p25), sum(video_p50), sum(video_p75), sum(video_p95), sum(video_p100)'

CREATE TEMP TABLE metrics AS
SELECT kind, number, pg_temp.title(number) AS name, pg_temp.pick('ACTIVE', 'ACTIVE', 'ACTIVE', 'PAUSED') AS status,
       date_trunc('second', now() - interval '2 days' - random() * interval '700 days') AS created_at,
       round(pg_temp.amount(5, 9000)::numeric, 2) AS spent, impressions,
       1 + floor(impressions * pg_temp.amount(0.002, 0.05))::bigint AS clicks,
       1 + floor(impressions / pg_temp.amount(1.01, 4))::bigint AS reach,
       1 + floor(impressions * pg_temp.amount(0.001, 0.08)) AS engagement,
       1 + floor(impressions * pg_temp.amount(0.00001, 0.002)) AS conversions,
       round(pg_temp.amount(20, 30000)::numeric, 2) AS conversion_value
FROM (
    SELECT kind, number, 500 + floor(pg_temp.amount(0, 900000))::bigint AS impressions
    FROM (VALUES (1, :campaigns), (2, :ad_sets), (3, :ads)) AS kinds (kind, amount), generate_series(1, amount) AS number
) AS shown;

INSERT INTO campaigns (
    facebook_campaign_id, ad_account_id, name, status, effective_status, objective, daily_budget, lifetime_budget,
    created_at, updated_at, last_synced_at, spent, impressions, clicks, reach, frequency, engagement, conversions,
    conversion_value, :more)
SELECT pg_temp.key(:'account', 1, number), :'account_id', name, status, status,
       pg_temp.pick('OUTCOME_SALES', 'OUTCOME_LEADS', 'OUTCOME_TRAFFIC', 'OUTCOME_AWARENESS'),
       5 * ceil(pg_temp.amount(1, 100)), 50 * ceil(pg_temp.amount(1, 500)),
       created_at, created_at + interval '1 day 3:14:15', now(), spent, impressions, clicks, reach,
       round(impressions::numeric / reach, 6), engagement, conversions, conversion_value,
       :more_values
FROM metrics WHERE kind = 1;

INSERT INTO ad_groups (
    facebook_ad_set_id, ad_account_id, facebook_campaign_id, name, status, effective_status, optimization_goal,
    daily_budget, lifetime_budget, created_at, updated_at, last_synced_at, spent, impressions, clicks, reach, frequency,
    engagement, conversions, conversion_value, :more)
SELECT pg_temp.key(:'account', 2, number), :'account_id', pg_temp.key(:'account', 1, 1 + number % :campaigns), name,
       status, status, pg_temp.pick('OFFSITE_CONVERSIONS', 'LINK_CLICKS', 'REACH', 'LANDING_PAGE_VIEWS'),
       5 * ceil(pg_temp.amount(1, 100)), 50 * ceil(pg_temp.amount(1, 500)),
       created_at, created_at + interval '1 day 3:14:15', now(), spent, impressions, clicks, reach,
       round(impressions::numeric / reach, 6), engagement, conversions, conversion_value,
       :more_values
FROM metrics WHERE kind = 2;

INSERT INTO creatives (
    facebook_ad_id, ad_account_id, facebook_ad_set_id, facebook_campaign_id, name, status, effective_status, format,
    created_at, updated_at, last_synced_at, spent, impressions, clicks, reach, frequency, engagement, conversions,
    conversion_value, :more)
SELECT pg_temp.key(:'account', 3, number), :'account_id', pg_temp.key(:'account', 2, 1 + number % :ad_sets),
       pg_temp.key(:'account', 1, 1 + (1 + number % :ad_sets) % :campaigns), name, status, status,
       pg_temp.pick('VIDEO', 'IMAGE', 'LINK', 'CAROUSEL'),
       created_at, created_at + interval '1 day 3:14:15', now(), spent, impressions, clicks, reach,
       round(impressions::numeric / reach, 6), engagement, conversions, conversion_value,
       :more_values
FROM metrics WHERE kind = 3;

-- Every ad had something on every day, which is the most that there can be.
INSERT INTO insights_daily (
    ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id, spent, impressions, clicks,
    engagement, conversions, conversion_value, :more, fetched_at)
SELECT ad_account_id, day, facebook_ad_id, facebook_ad_set_id, facebook_campaign_id,
       round(spent * share, 2), ceil(impressions * share), ceil(clicks * share),
       ceil(engagement * share), floor(conversions * share), round(conversion_value * share, 2),
       :more_of_day, now()
FROM (
    SELECT t.*, a.metrics_until - ago AS day, ((0.5 + random()) / 30)::numeric AS share
    FROM generate_series(0, :days - 1) AS ago, creatives t JOIN ad_accounts a ON a.id = t.ad_account_id
    WHERE t.ad_account_id = :'account_id'
) AS shown;

INSERT INTO insights_days (
    ad_account_id, day, spent, impressions, clicks, engagement, conversions, conversion_value, :more, read_at, state)
SELECT ad_account_id, day, sum(spent), sum(impressions), sum(clicks), sum(engagement), sum(conversions),
       sum(conversion_value), :more_sums, now(), 'complete'
FROM insights_daily WHERE ad_account_id = :'account_id' GROUP BY ad_account_id, day;
