-- What keeps people, and whoever is none of them, from taking more than their share.

-- One connection at a time for each person. What is under way while this is applied begins anew.
UPDATE facebook_connections SET status = 'failed', error = 'AdMirror was renewed meanwhile. Connect again.',
    secret = NULL, secret_key_id = NULL, secret_kind = NULL
WHERE status IN ('waiting', 'exchanging');
CREATE UNIQUE INDEX facebook_connections_under_way_key ON facebook_connections (user_id)
    WHERE status IN ('waiting', 'exchanging');
