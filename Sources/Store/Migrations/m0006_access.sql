-- How people and programs authenticate, what they may do, and the audit log.

ALTER TABLE users
    -- Argon2id, with its parameters and salt; NULL for people who cannot sign in with a password.
    ADD COLUMN password_hash   text,
    ADD COLUMN password_set_at timestamptz;

-- An owner also manages people.
ALTER TABLE account_access DROP CONSTRAINT account_access_role_check;
ALTER TABLE account_access ADD CONSTRAINT account_access_role_check CHECK (role IN ('viewer', 'manager', 'owner'));

-- read: what the token's owner may read. sync: everything that the owner may do.
ALTER TABLE access_tokens ADD COLUMN scope text NOT NULL DEFAULT 'sync' CHECK (scope IN ('read', 'sync'));

-- Sessions of people. Only a hash of each id is stored, so that readers of this table cannot use them.
CREATE TABLE sessions (
    id_hash      bytea PRIMARY KEY CHECK (length(id_hash) = 32),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    last_used_at timestamptz NOT NULL DEFAULT now(),
    address      text NOT NULL,
    agent        text NOT NULL
);
CREATE INDEX sessions_user_id_idx ON sessions (user_id);

-- Recent failed sign-ins, to slow down password guessing. Unknown addresses count, too.
CREATE TABLE sign_in_failures (
    at      timestamptz NOT NULL DEFAULT now(),
    address text NOT NULL,
    email   text NOT NULL
);
CREATE INDEX sign_in_failures_address_idx ON sign_in_failures (address, at);
CREATE INDEX sign_in_failures_email_idx ON sign_in_failures (email, at);

-- Who did what, and from where. Rows are only added.
CREATE TABLE audit_events (
    id            bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    at            timestamptz NOT NULL DEFAULT now(),
    event         text NOT NULL,
    -- The person's email address; 'operator' for the command line; what was typed, for a failed sign-in.
    actor         text NOT NULL,
    -- The client's network address; '' for the command line.
    address       text NOT NULL,
    -- Facebook's id of the ad account of the event.
    facebook_account_id text,
    -- Never a secret.
    detail        text NOT NULL DEFAULT ''
);
CREATE INDEX audit_events_at_idx ON audit_events (at DESC, id DESC);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_events is only ever added to';
END $$;
CREATE TRIGGER audit_events_are_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
