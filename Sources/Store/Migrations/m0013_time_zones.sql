-- The time zone as Facebook names it. time_zone has the name under which PostgreSQL knows it, or UTC if it does not.
ALTER TABLE ad_accounts ADD COLUMN facebook_time_zone text;
UPDATE ad_accounts a SET facebook_time_zone = a.time_zone, time_zone = known.name
FROM pg_timezone_names known
WHERE lower(known.name) = lower(a.time_zone) AND known.name ~ '^[A-Z]' AND known.name <> 'Factory';
-- PostgreSQL read some names as rules of POSIX: "14" as 14 hours west. The next sync reads such an account anew.
UPDATE ad_accounts SET time_zone = 'UTC' WHERE facebook_time_zone IS NULL;
