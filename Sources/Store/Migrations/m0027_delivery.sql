-- Whether objects are delivered, and what Facebook says about it. All of it is NULL until the next sync.

ALTER TABLE campaigns
    -- [{"level", "code", "type", "summary", "message"}]; [] if Facebook names nothing.
    ADD COLUMN issues jsonb,
    ADD COLUMN budget_remaining numeric,
    -- One word made of everything that is known: see Store/Mirror/Delivery.
    ADD COLUMN delivery text;
ALTER TABLE ad_groups
    ADD COLUMN issues jsonb,
    ADD COLUMN budget_remaining numeric,
    -- The status of its learning stage: LEARNING, SUCCESS, FAIL.
    ADD COLUMN learning text,
    ADD COLUMN delivery text;
ALTER TABLE creatives
    ADD COLUMN issues jsonb,
    -- [{"placement", "reason", "message"}]; placement is null where it concerns all of them.
    ADD COLUMN review_feedback jsonb,
    ADD COLUMN delivery text;

ALTER TABLE staged_campaigns ADD COLUMN issues jsonb, ADD COLUMN budget_remaining numeric;
ALTER TABLE staged_ad_sets
    ADD COLUMN issues jsonb, ADD COLUMN budget_remaining numeric, ADD COLUMN learning text;
ALTER TABLE staged_ads ADD COLUMN issues jsonb, ADD COLUMN review_feedback jsonb;

ALTER TABLE ad_accounts
    ADD COLUMN balance numeric,
    ADD COLUMN amount_spent numeric,
    -- NULL for no limit.
    ADD COLUMN spend_cap numeric,
    ADD COLUMN disable_reason text;

-- The next sync lists all objects, because Facebook does not date changes of these facts.
UPDATE sync_lists SET is_listing_wanted = true WHERE list IN ('campaigns', 'ad_sets', 'ads');
DELETE FROM staged_lists WHERE list IN ('campaigns', 'ad_sets', 'ads');
DELETE FROM staged_campaigns;
DELETE FROM staged_ad_sets;
DELETE FROM staged_ads;
