-- Incomplete listings, and mass deletions that are not confirmed.

ALTER TABLE sync_lists
    -- Objects that Facebook counts but did not list.
    ADD COLUMN unlisted         int NOT NULL DEFAULT 0,
    -- Stored objects that Facebook did not list, but whose deletion is not confirmed.
    ADD COLUMN unconfirmed      int NOT NULL DEFAULT 0,
    -- Readings in a row with one or the other.
    ADD COLUMN doubtful_readings int NOT NULL DEFAULT 0;
