-- How often each event of last_done happened, for the count of refused cron calls in /metrics.
ALTER TABLE last_done ADD COLUMN times bigint NOT NULL DEFAULT 1;
