-- Facebook's name of the time zone. time_zone has PostgreSQL's name, or UTC if PostgreSQL does not know the zone.
ALTER TABLE ad_accounts ADD COLUMN facebook_time_zone text;
UPDATE ad_accounts a SET facebook_time_zone = a.time_zone, time_zone = known.name
FROM pg_timezone_names known
WHERE lower(known.name) = lower(a.time_zone) AND known.name ~ '^[A-Z]' AND known.name <> 'Factory';
-- PostgreSQL read some names as POSIX rules: "14" as 14 hours west. The next sync corrects such accounts.
UPDATE ad_accounts SET time_zone = 'UTC' WHERE facebook_time_zone IS NULL;
