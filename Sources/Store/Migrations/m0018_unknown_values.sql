-- Values that Facebook refused, or sent in an unreadable form.

-- Metrics of days are NULL if they are unknown, like those of objects since migration 17. 0 still means that there was
-- nothing.
ALTER TABLE insights_daily
    ALTER COLUMN spent DROP NOT NULL, ALTER COLUMN impressions DROP NOT NULL, ALTER COLUMN clicks DROP NOT NULL,
    ALTER COLUMN engagement DROP NOT NULL, ALTER COLUMN conversions DROP NOT NULL,
    ALTER COLUMN conversion_value DROP NOT NULL;
ALTER TABLE insights_days
    ALTER COLUMN spent DROP NOT NULL, ALTER COLUMN impressions DROP NOT NULL, ALTER COLUMN clicks DROP NOT NULL,
    ALTER COLUMN engagement DROP NOT NULL, ALTER COLUMN conversions DROP NOT NULL,
    ALTER COLUMN conversion_value DROP NOT NULL;

-- Damaged values of a run; `unknown` counts fields.
ALTER TABLE sync_runs
    ADD COLUMN repaired_texts int NOT NULL DEFAULT 0,
    ADD COLUMN unknown_fields int NOT NULL DEFAULT 0,
    ADD COLUMN left_out_rows  int NOT NULL DEFAULT 0;
ALTER TABLE staged_lists
    -- Rows and values that cannot be read.
    ADD COLUMN left_out int NOT NULL DEFAULT 0,
    ADD COLUMN damaged  int NOT NULL DEFAULT 0;
ALTER TABLE insights_days
    -- Whether damaged rows arrived when the day's ads were last read.
    ADD COLUMN is_damaged boolean NOT NULL DEFAULT false,
    -- Rows of ads may be missing: an ad without a row may have had anything.
    ADD COLUMN lacks_rows boolean NOT NULL DEFAULT false,
    -- The last reading of the account's days did not bring the day: its numbers are those of an earlier one.
    ADD COLUMN is_unconfirmed boolean NOT NULL DEFAULT false;
ALTER TABLE sync_lists
    -- Totals: whether rows or values arrived damaged when they were last read.
    ADD COLUMN is_damaged boolean NOT NULL DEFAULT false,
    -- Why what was last read may not be all: a sentence for people. `attempts` counts such readings in a row.
    ADD COLUMN doubt text,
    -- Since when Facebook has refused any of the fields.
    ADD COLUMN refused_since timestamptz;
UPDATE sync_lists SET refused_since = adapted_at WHERE refused_fields <> '{}';
-- Where the version before was refused a field of the days of ads, it stored 0.
UPDATE insights_daily SET conversion_value = NULL
WHERE conversions > 0 AND conversion_value = 0 AND action_values IS NULL;
UPDATE insights_daily d SET engagement = NULL, conversions = NULL
WHERE actions IS NULL AND engagement = 0 AND conversions = 0 AND EXISTS (
    SELECT FROM sync_lists l WHERE l.ad_account_id = d.ad_account_id AND l.list IN ('recent_days', 'history')
        AND 'actions' = ANY (l.refused_fields));
-- Older days of ads are requested like the last ones, whose row has the form of the request.
UPDATE sync_lists SET refused_fields = '{}', refused_since = NULL WHERE list = 'history';

-- The ids that an ad's row lacks are known from its other days, or from the ad itself.
ALTER TABLE staged_days ALTER COLUMN ad_set_id DROP NOT NULL, ALTER COLUMN campaign_id DROP NOT NULL;

-- Staged objects with values that Facebook's response left open. Fields are in Facebook's spelling.
CREATE UNLOGGED TABLE staged_gaps (
    ad_account_id uuid NOT NULL,
    list          text NOT NULL,
    id            text COLLATE "C" NOT NULL,
    -- Fields whose stored values stay.
    unknown       text[] NOT NULL,
    -- Fields that were repaired or cannot be read.
    damaged       text[] NOT NULL
);
CREATE INDEX staged_gaps_idx ON staged_gaps (ad_account_id, list);

-- Objects that arrived damaged and are read again with the next sync. The id '' means rows without a readable id.
CREATE TABLE damaged_objects (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    level         text NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    id            text COLLATE "C" NOT NULL,
    fields        text[] NOT NULL,
    -- Readings in a row with damage.
    attempts      int NOT NULL DEFAULT 1,
    since         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ad_account_id, level, id)
);

-- As in migration 11: a day whose answers change without any of its numbers makes a new version of them.
CREATE OR REPLACE FUNCTION raise_insights_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ad_accounts a
    SET insights_version = greatest(a.insights_version + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    WHERE a.id IN (
        SELECT n.ad_account_id
        FROM new_days n JOIN old_days o ON o.ad_account_id = n.ad_account_id AND o.day = n.day
        WHERE (n.state, n.basis IS NULL, n.lacks_rows, n.is_unconfirmed, n.missing_campaigns)
            IS DISTINCT FROM (o.state, o.basis IS NULL, o.lacks_rows, o.is_unconfirmed, o.missing_campaigns)
    );
    RETURN NULL;
END
$$;

-- Counters of damaged values, in addition to those of migration 9.
ALTER TABLE sync_totals
    ADD COLUMN repaired_texts bigint NOT NULL DEFAULT 0,
    ADD COLUMN unknown_fields bigint NOT NULL DEFAULT 0,
    ADD COLUMN left_out_rows  bigint NOT NULL DEFAULT 0;
CREATE FUNCTION count_damaged_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE sync_totals SET repaired_texts = repaired_texts + NEW.repaired_texts,
        unknown_fields = unknown_fields + NEW.unknown_fields, left_out_rows = left_out_rows + NEW.left_out_rows
    WHERE trigger = NEW.trigger AND outcome = NEW.outcome;
    RETURN NULL;
END $$;
-- Triggers run in the order of their names, so the row exists by then.
CREATE TRIGGER sync_runs_are_counted_by_damage AFTER UPDATE OF finished_at ON sync_runs
    FOR EACH ROW WHEN (OLD.finished_at IS NULL AND NEW.finished_at IS NOT NULL
        AND NEW.repaired_texts + NEW.unknown_fields + NEW.left_out_rows > 0)
    EXECUTE FUNCTION count_damaged_values();
