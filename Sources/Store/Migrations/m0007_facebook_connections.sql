-- What Facebook tells of its tokens, and how people connect ad accounts in the browser.

-- A row for each distinct token, of which only the SHA-256 is here: several ad accounts may have the same.
CREATE TABLE facebook_tokens (
    hash                   bytea PRIMARY KEY CHECK (length(hash) = 32),
    -- When Facebook was last asked about it, and when it last answered.
    asked_at               timestamptz NOT NULL DEFAULT now(),
    checked_at             timestamptz,
    is_valid               boolean NOT NULL DEFAULT true,
    -- NULL: never, or not known.
    expires_at             timestamptz,
    data_access_expires_at timestamptz,
    -- Those that a sync needs and the token has not.
    missing_permissions    text[] NOT NULL DEFAULT '{}'
);

-- Goes with facebook_token; NULL until a sync has looked at it.
ALTER TABLE ad_accounts ADD COLUMN facebook_token_hash bytea REFERENCES facebook_tokens ON DELETE SET NULL;
CREATE INDEX ad_accounts_facebook_token_hash_idx ON ad_accounts (facebook_token_hash);

-- Somebody who connects ad accounts by Facebook Login: from the dialog to the choice of accounts.
CREATE TABLE facebook_connections (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- SHA-256 of the state that the dialog's answer has to bring.
    state_hash     bytea NOT NULL UNIQUE CHECK (length(state_hash) = 32),
    redirect_uri   text NOT NULL,
    status         text NOT NULL DEFAULT 'waiting'
                   CHECK (status IN ('waiting', 'exchanging', 'ready', 'failed', 'denied', 'done')),
    created_at     timestamptz NOT NULL DEFAULT now(),
    -- From then on it is as if it were not there; what is secret of it goes at the next opportunity.
    expires_at     timestamptz NOT NULL,
    -- AES-256-GCM, bound to this row's id: the code of the dialog, then the token for it, then the one that lives long.
    secret         bytea,
    secret_key_id  text,
    secret_kind    text CHECK (secret_kind IN ('code', 'short_token', 'token')),
    -- [{"facebook_id", "name", "currency", "time_zone"}]
    accounts       jsonb NOT NULL DEFAULT '[]',
    missing_permissions text[] NOT NULL DEFAULT '{}',
    error          text,
    -- Children that were started for it, and when the last one was.
    attempts       int NOT NULL DEFAULT 0,
    started_at     timestamptz,
    CHECK ((secret IS NULL) = (secret_key_id IS NULL) AND (secret IS NULL) = (secret_kind IS NULL))
);
CREATE INDEX facebook_connections_user_id_idx ON facebook_connections (user_id, created_at);
