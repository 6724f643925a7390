-- Listings that Facebook did not send completely, and mass deletions that are not confirmed.

ALTER TABLE sync_lists
    -- Objects that Facebook counts and did not list.
    ADD COLUMN unlisted         int NOT NULL DEFAULT 0,
    -- Stored objects that Facebook did not list, and that are not known to be deleted.
    ADD COLUMN unconfirmed      int NOT NULL DEFAULT 0,
    -- Readings in a row with one or the other.
    ADD COLUMN doubtful_readings int NOT NULL DEFAULT 0;
