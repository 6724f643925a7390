-- Days of results that people requested for an account beyond the setting.
ALTER TABLE ad_accounts ADD COLUMN history_days int CHECK (history_days > 0);

-- Responses contain which of their days are held and complete. When that changes for a day, the responses get a new
-- version, even if no figure changed.
CREATE FUNCTION raise_insights_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ad_accounts a
    SET insights_version = greatest(a.insights_version + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    WHERE a.id IN (
        SELECT n.ad_account_id
        FROM new_days n JOIN old_days o ON o.ad_account_id = n.ad_account_id AND o.day = n.day
        WHERE (n.state, n.basis IS NULL) IS DISTINCT FROM (o.state, o.basis IS NULL)
    );
    RETURN NULL;
END
$$;
CREATE TRIGGER insights_days_coverage AFTER UPDATE ON insights_days
    REFERENCING OLD TABLE AS old_days NEW TABLE AS new_days
    FOR EACH STATEMENT EXECUTE FUNCTION raise_insights_version();
