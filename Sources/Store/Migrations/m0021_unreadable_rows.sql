-- As in migration 18. A day that lacks rows because they cannot be read makes sums of campaigns and ad sets unknown, so that
-- answers change with the reason as well.
CREATE OR REPLACE FUNCTION raise_insights_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE ad_accounts a
    SET insights_version = greatest(a.insights_version + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    WHERE a.id IN (
        SELECT n.ad_account_id
        FROM new_days n JOIN old_days o ON o.ad_account_id = n.ad_account_id AND o.day = n.day
        WHERE (n.state, n.basis IS NULL, n.lacks_rows, n.lacks_rows AND n.is_damaged, n.is_unconfirmed, n.missing_campaigns)
            IS DISTINCT FROM
              (o.state, o.basis IS NULL, o.lacks_rows, o.lacks_rows AND o.is_damaged, o.is_unconfirmed, o.missing_campaigns)
    );
    RETURN NULL;
END
$$;
