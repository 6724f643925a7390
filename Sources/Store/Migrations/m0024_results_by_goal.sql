-- Results as Facebook counts them, by the goal of each ad set. `result_indicator` says what they are, in Facebook's words.
-- `result_mix` has the number of each indicator if there are several; `results` is NULL then. All three are NULL if the
-- results are unknown. 0 results without an indicator are none of any kind.

ALTER TABLE campaigns ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
ALTER TABLE ad_groups ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
ALTER TABLE creatives ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
ALTER TABLE staged_totals ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
ALTER TABLE early_totals ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
ALTER TABLE insights_daily ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
ALTER TABLE staged_days ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;

-- Makes the next sync read the totals again. Days of ads get their results when they are read again: the stored actions do
-- not say which of them Facebook counts.
UPDATE sync_lists SET basis = NULL WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');
DELETE FROM staged_totals;
DELETE FROM staged_lists WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');
