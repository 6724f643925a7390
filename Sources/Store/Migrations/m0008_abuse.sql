-- What keeps people, and whoever is none of them, from taking more than their share.

-- One connection at a time for each person. What is under way while this is applied begins anew.
UPDATE facebook_connections SET status = 'failed', error = 'AdMirror was renewed meanwhile. Connect again.',
    secret = NULL, secret_key_id = NULL, secret_kind = NULL
WHERE status IN ('waiting', 'exchanging');
CREATE UNIQUE INDEX facebook_connections_under_way_key ON facebook_connections (user_id)
    WHERE status IN ('waiting', 'exchanging');

-- For whom sign-ins that fail are counted: an IPv4 address, or of IPv6 the /64, all of which is one customer's. What is no
-- address, and an IPv4 address written as IPv6, stands for itself.
CREATE FUNCTION client_network(address text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN address ~ '^[0-9a-fA-F:]+$' AND address LIKE '%:%' AND length(address) > 1
                THEN network(set_masklen(address::inet, 64))::text ELSE address END
$$;

-- What is typed at a sign-in as an address that nobody has may be a password: it is kept nowhere. While failures are counted,
-- it is only compared.
DELETE FROM sign_in_failures;
ALTER TABLE sign_in_failures RENAME COLUMN email TO person;
ALTER TABLE sign_in_failures ALTER COLUMN person DROP NOT NULL,
    ALTER COLUMN person TYPE bytea USING NULL;
ALTER INDEX sign_in_failures_email_idx RENAME TO sign_in_failures_person_idx;

-- Nobody that is known.
ALTER TABLE audit_events ALTER COLUMN actor DROP NOT NULL;
-- Whether the same was written down of the same person a moment ago.
CREATE INDEX audit_events_actor_idx ON audit_events (coalesce(actor, ''), at DESC);

-- Old rows may go: those, and no other.
DROP TRIGGER audit_events_are_kept ON audit_events;
CREATE TRIGGER audit_events_are_kept BEFORE UPDATE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER young_audit_events_are_kept BEFORE DELETE ON audit_events
    FOR EACH ROW WHEN (OLD.at > now() - interval '90 days') EXECUTE FUNCTION refuse_audit_change();
