-- What the account counts as conversions: the name of a field; NULL for purchases.
ALTER TABLE ad_accounts ADD COLUMN conversion_event text;

-- What the account's ads brought on a day by goal, as in migration 24. It is valid while the day is complete.
ALTER TABLE insights_days ADD COLUMN results numeric, ADD COLUMN result_indicator text, ADD COLUMN result_mix jsonb;
UPDATE insights_days SET results = 0
WHERE state = 'complete' AND (spent, impressions, clicks, engagement, conversions, conversion_value) = (0, 0, 0, 0, 0, 0);
