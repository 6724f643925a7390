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
