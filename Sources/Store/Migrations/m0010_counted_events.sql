-- How often each event of last_done happened: /metrics counts refused cron calls with it.
ALTER TABLE last_done ADD COLUMN times bigint NOT NULL DEFAULT 1;
