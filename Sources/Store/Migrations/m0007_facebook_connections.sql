-- What Facebook returns about its tokens, and how people connect ad accounts in the browser.

-- A row for each distinct token, with its SHA-256 only. Several ad accounts may share a token.
CREATE TABLE facebook_tokens (
    hash                   bytea PRIMARY KEY CHECK (length(hash) = 32),
    -- When Facebook was last asked about it, and when it last responded.
    asked_at               timestamptz NOT NULL DEFAULT now(),
    checked_at             timestamptz,
    is_valid               boolean NOT NULL DEFAULT true,
    -- NULL: never, or unknown.
    expires_at             timestamptz,
    data_access_expires_at timestamptz,
    -- Permissions that a sync needs and the token lacks.
    missing_permissions    text[] NOT NULL DEFAULT '{}'
);

-- Belongs to facebook_token; NULL until a sync has checked it.
ALTER TABLE ad_accounts ADD COLUMN facebook_token_hash bytea REFERENCES facebook_tokens ON DELETE SET NULL;
CREATE INDEX ad_accounts_facebook_token_hash_idx ON ad_accounts (facebook_token_hash);

-- A person's connection of ad accounts with Facebook Login, from the dialog to the choice of accounts.
CREATE TABLE facebook_connections (
    id             uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id        uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    -- SHA-256 of the state that the dialog's response must contain.
    state_hash     bytea NOT NULL UNIQUE CHECK (length(state_hash) = 32),
    redirect_uri   text NOT NULL,
    status         text NOT NULL DEFAULT 'waiting'
                   CHECK (status IN ('waiting', 'exchanging', 'ready', 'failed', 'denied', 'done')),
    created_at     timestamptz NOT NULL DEFAULT now(),
    -- When it expires. Its secrets are deleted soon after.
    expires_at     timestamptz NOT NULL,
    -- AES-256-GCM, bound to this row's id: the dialog's code, then its token, then the token with a long life.
    secret         bytea,
    secret_key_id  text,
    secret_kind    text CHECK (secret_kind IN ('code', 'short_token', 'token')),
    -- [{"facebook_id", "name", "currency", "time_zone"}]
    accounts       jsonb NOT NULL DEFAULT '[]',
    missing_permissions text[] NOT NULL DEFAULT '{}',
    error          text,
    -- Children started for it, and when the last one started.
    attempts       int NOT NULL DEFAULT 0,
    started_at     timestamptz,
    CHECK ((secret IS NULL) = (secret_key_id IS NULL) AND (secret IS NULL) = (secret_kind IS NULL))
);
CREATE INDEX facebook_connections_user_id_idx ON facebook_connections (user_id, created_at);
