-- Limits that keep people and strangers from using more than their share.

-- One connection at a time for each person. Connections that are running during the migration start again.
UPDATE facebook_connections SET status = 'failed', error = 'AdMirror was renewed meanwhile. Connect again.',
    secret = NULL, secret_key_id = NULL, secret_kind = NULL
WHERE status IN ('waiting', 'exchanging');
CREATE UNIQUE INDEX facebook_connections_under_way_key ON facebook_connections (user_id)
    WHERE status IN ('waiting', 'exchanging');

-- The network whose failed sign-ins are counted together: an IPv4 address, or an IPv6 /64, which belongs to one
-- customer. Other texts, and IPv4 addresses written as IPv6, are counted as they are.
CREATE FUNCTION client_network(address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN address ~ '^[0-9a-fA-F:]+$' AND address LIKE '%:%' AND length(address) > 1
                THEN network(set_masklen(address::inet, 64))::text ELSE address END
$$;

-- What was typed as an unknown address may be a password, so it is not stored. While failures count, only its hash is
-- compared.
DELETE FROM sign_in_failures;
ALTER TABLE sign_in_failures RENAME COLUMN email TO person;
ALTER TABLE sign_in_failures ALTER COLUMN person DROP NOT NULL,
    ALTER COLUMN person TYPE bytea USING NULL;
ALTER INDEX sign_in_failures_email_idx RENAME TO sign_in_failures_person_idx;

-- An unknown person.
ALTER TABLE audit_events ALTER COLUMN actor DROP NOT NULL;
-- Whether the same event of the same person was recorded a moment ago.
CREATE INDEX audit_events_actor_idx ON audit_events (coalesce(actor, ''), at DESC);

-- Only old rows may be deleted.
DROP TRIGGER audit_events_are_kept ON audit_events;
CREATE TRIGGER audit_events_are_kept BEFORE UPDATE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER young_audit_events_are_kept BEFORE DELETE ON audit_events
    FOR EACH ROW WHEN (OLD.at > now() - interval '90 days') EXECUTE FUNCTION refuse_audit_change();
