-- What the read routes need: a counter for the list of changes, and a secret of the service.

ALTER TABLE ad_accounts
    -- Raised when object_changes may have changed.
    ADD COLUMN changes_version bigint NOT NULL DEFAULT 1;

-- Generated here, so that all hosts have the same secret and administrators need not store another one.
CREATE TABLE service_keys (
    -- cursors: signs the cursors of paged responses.
    name text PRIMARY KEY,
    key  bytea NOT NULL CHECK (length(key) = 32)
);
INSERT INTO service_keys (name, key)
VALUES ('cursors', sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
