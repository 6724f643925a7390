-- Readings in a row that brought the account's own facts damaged: name, currency, time zone or status. The next sync asks again.
ALTER TABLE ad_accounts ADD COLUMN damaged_readings int NOT NULL DEFAULT 0;
