-- Sums of days, so that an answer about a range reads a few rows of an object instead of one for each day.

-- What an object had from the first of a month to a day, that day included. An object has a row for each day of
-- `running_days` from its first day in the month on. Campaigns and ad sets have the sums of their ads. A number that
-- is unknown on a day counts as 0; `unknown` has how many there were, by column, and is NULL for none. A number is NULL
-- if its column is younger than the row.
CREATE TABLE running_sums (
    ad_account_id uuid NOT NULL,
    level         text COLLATE "C" NOT NULL CHECK (level IN ('campaign', 'adset', 'ad')),
    day           date NOT NULL,
    object_id     text COLLATE "C" NOT NULL,
    spent numeric, impressions numeric, clicks numeric, engagement numeric, conversions numeric,
    conversion_value numeric, link_clicks numeric, leads numeric, complete_registrations numeric,
    app_installs numeric, messaging_conversations numeric, view_content numeric, add_to_cart numeric,
    initiate_checkout numeric, outbound_clicks numeric, landing_page_views numeric, video_plays numeric,
    video_3s_plays numeric, thruplays numeric, video_p25 numeric, video_p50 numeric, video_p75 numeric,
    video_p95 numeric, video_p100 numeric, post_reactions numeric, comments numeric, shares numeric,
    unknown       jsonb,
    PRIMARY KEY (ad_account_id, level, day, object_id)
) WITH (
    -- Rows of the last days are updated at each sync, beside their old versions if there is room.
    fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000
);

-- The days whose running sums are right. Rows of `running_sums` of other days mean nothing.
CREATE TABLE running_days (
    ad_account_id uuid NOT NULL,
    day           date NOT NULL,
    -- Whether any of them has unknown numbers.
    has_unknown   boolean NOT NULL,
    PRIMARY KEY (ad_account_id, day)
);

-- Months with days that have no running sums yet. A sync child adds them, the newest month first.
CREATE TABLE unsummed_months (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    month         date NOT NULL,
    PRIMARY KEY (ad_account_id, month)
);

-- A changed day of an ad makes the sums from this day to the end of the month wrong, also if a process of the release before
-- changes it. The lock ("ADMR") keeps this apart from a process that adds sums at the same time.
CREATE FUNCTION forget_running_sums() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first record;
BEGIN
    FOR first IN
        SELECT c.ad_account_id, date_trunc('month', c.day)::date AS month, min(c.day) AS day
        FROM changed c GROUP BY 1, 2 ORDER BY 1, 2
    LOOP
        PERFORM pg_advisory_xact_lock(1094995282, a.number) FROM ad_accounts a WHERE a.id = first.ad_account_id;
        DELETE FROM running_days r
        WHERE r.ad_account_id = first.ad_account_id AND r.day >= first.day
          AND r.day < (first.month + interval '1 month')::date;
        INSERT INTO unsummed_months (ad_account_id, month)
        SELECT a.id, first.month FROM ad_accounts a WHERE a.id = first.ad_account_id
        ON CONFLICT DO NOTHING;
    END LOOP;
    RETURN NULL;
END
$$;
CREATE TRIGGER insights_daily_inserted AFTER INSERT ON insights_daily
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION forget_running_sums();
CREATE TRIGGER insights_daily_updated AFTER UPDATE ON insights_daily
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION forget_running_sums();
CREATE TRIGGER insights_daily_moved AFTER UPDATE ON insights_daily
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION forget_running_sums();
CREATE TRIGGER insights_daily_deleted AFTER DELETE ON insights_daily
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION forget_running_sums();

-- After the triggers: from here on no day is missed.
INSERT INTO unsummed_months
SELECT DISTINCT ad_account_id, date_trunc('month', day)::date FROM insights_days;
