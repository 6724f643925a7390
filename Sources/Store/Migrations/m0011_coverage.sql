-- Days of results that somebody wants of an account, when they are more than the operator has set for all.
ALTER TABLE ad_accounts ADD COLUMN history_days int CHECK (history_days > 0);

-- Answers say which of their days are held and complete. So a day that becomes one or the other makes a new version of
-- the answers, even when none of its numbers changes.
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
