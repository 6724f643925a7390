-- Results beyond purchases. NULL is unknown: rows that were stored before have no value until it is derived from the
-- actions that were stored with them, or until Facebook is asked for them again.

ALTER TABLE campaigns
    ADD COLUMN unique_clicks bigint,
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE ad_groups
    ADD COLUMN unique_clicks bigint,
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE creatives
    ADD COLUMN unique_clicks bigint,
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE staged_totals
    ADD COLUMN unique_clicks bigint,
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE early_totals
    ADD COLUMN unique_clicks bigint,
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE insights_daily
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE insights_days
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;
ALTER TABLE staged_days
    ADD COLUMN leads numeric, ADD COLUMN complete_registrations numeric, ADD COLUMN app_installs numeric,
    ADD COLUMN messaging_conversations numeric, ADD COLUMN view_content numeric, ADD COLUMN add_to_cart numeric,
    ADD COLUMN initiate_checkout numeric, ADD COLUMN outbound_clicks numeric, ADD COLUMN landing_page_views numeric,
    ADD COLUMN video_plays numeric, ADD COLUMN video_3s_plays numeric, ADD COLUMN thruplays numeric,
    ADD COLUMN video_p25 numeric, ADD COLUMN video_p50 numeric, ADD COLUMN video_p75 numeric,
    ADD COLUMN video_p95 numeric, ADD COLUMN video_p100 numeric, ADD COLUMN post_reactions numeric,
    ADD COLUMN comments numeric, ADD COLUMN shares numeric;

-- A day without anything had none of this either: nothing has to be read for it.
UPDATE insights_days SET leads = 0, complete_registrations = 0, app_installs = 0,
    messaging_conversations = 0, view_content = 0, add_to_cart = 0, initiate_checkout = 0, outbound_clicks = 0,
    landing_page_views = 0, video_plays = 0, video_3s_plays = 0, thruplays = 0, video_p25 = 0, video_p50 = 0,
    video_p75 = 0, video_p95 = 0, video_p100 = 0, post_reactions = 0, comments = 0, shares = 0
WHERE (spent, impressions, clicks, engagement, conversions, conversion_value) = (0, 0, 0, 0, 0, 0);

-- Makes the next sync read the totals again.
UPDATE sync_lists SET basis = NULL WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');

-- The days of ads whose stored actions have results that no column has yet: all up to `day`, and on that day the ads
-- after `last_ad_id`. A sync child derives them, newest first.
CREATE TABLE unfilled_days (
    ad_account_id uuid PRIMARY KEY REFERENCES ad_accounts ON DELETE CASCADE,
    day           date NOT NULL,
    last_ad_id    text COLLATE "C"
);
INSERT INTO unfilled_days (ad_account_id, day)
SELECT a.id, d.day FROM ad_accounts a
CROSS JOIN LATERAL (SELECT max(day) AS day FROM insights_daily WHERE ad_account_id = a.id) d WHERE d.day IS NOT NULL;
