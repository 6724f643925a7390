-- Words that Facebook returns with the totals of objects: rankings of ads, and the attribution setting. They are NULL
-- until the next sync reads the totals again.

ALTER TABLE campaigns
    ADD COLUMN quality_ranking text, ADD COLUMN engagement_rate_ranking text,
    ADD COLUMN conversion_rate_ranking text, ADD COLUMN attribution_setting text;
ALTER TABLE ad_groups
    ADD COLUMN quality_ranking text, ADD COLUMN engagement_rate_ranking text,
    ADD COLUMN conversion_rate_ranking text, ADD COLUMN attribution_setting text;
ALTER TABLE creatives
    ADD COLUMN quality_ranking text, ADD COLUMN engagement_rate_ranking text,
    ADD COLUMN conversion_rate_ranking text, ADD COLUMN attribution_setting text;
ALTER TABLE staged_totals
    ADD COLUMN quality_ranking text, ADD COLUMN engagement_rate_ranking text,
    ADD COLUMN conversion_rate_ranking text, ADD COLUMN attribution_setting text;
ALTER TABLE early_totals
    ADD COLUMN quality_ranking text, ADD COLUMN engagement_rate_ranking text,
    ADD COLUMN conversion_rate_ranking text, ADD COLUMN attribution_setting text;

UPDATE sync_lists SET basis = NULL WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');
DELETE FROM staged_totals;
DELETE FROM staged_lists WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');
