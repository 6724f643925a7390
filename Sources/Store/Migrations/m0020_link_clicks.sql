-- Clicks on links. NULL is unknown: rows that were stored before have no value until Facebook is asked for them again.

ALTER TABLE campaigns ADD COLUMN link_clicks bigint;
ALTER TABLE ad_groups ADD COLUMN link_clicks bigint;
ALTER TABLE creatives ADD COLUMN link_clicks bigint;
ALTER TABLE insights_daily ADD COLUMN link_clicks bigint;
ALTER TABLE insights_days ADD COLUMN link_clicks bigint;
ALTER TABLE staged_totals ADD COLUMN link_clicks bigint;
ALTER TABLE staged_days ADD COLUMN link_clicks bigint;
ALTER TABLE early_totals ADD COLUMN link_clicks bigint;

-- A day without anything had no clicks on links either: nothing has to be read for it.
UPDATE insights_days SET link_clicks = 0
WHERE (spent, impressions, clicks, engagement, conversions, conversion_value) = (0, 0, 0, 0, 0, 0);
