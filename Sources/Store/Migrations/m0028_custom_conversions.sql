-- The number of each custom conversion by its id; NULL is unknown. Days of ads have them in their actions.
ALTER TABLE campaigns ADD COLUMN custom_conversions jsonb;
ALTER TABLE ad_groups ADD COLUMN custom_conversions jsonb;
ALTER TABLE creatives ADD COLUMN custom_conversions jsonb;
ALTER TABLE staged_totals ADD COLUMN custom_conversions jsonb;
ALTER TABLE early_totals ADD COLUMN custom_conversions jsonb;

CREATE TABLE custom_conversions (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    id            text COLLATE "C" NOT NULL,
    -- NULL if Facebook does not list it.
    name          text,
    -- Facebook's word for the kind of event.
    event         text,
    PRIMARY KEY (ad_account_id, id)
);
-- When Facebook was last asked for the names.
ALTER TABLE ad_accounts ADD COLUMN custom_conversions_at timestamptz;

-- Makes the next sync read the totals again.
UPDATE sync_lists SET basis = NULL WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');
DELETE FROM staged_totals;
DELETE FROM staged_lists WHERE list IN ('campaign_totals', 'ad_set_totals', 'ad_totals');
