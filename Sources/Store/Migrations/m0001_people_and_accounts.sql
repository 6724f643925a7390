-- People, ad accounts, and roles.

CREATE TABLE users (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email      text NOT NULL CHECK (email LIKE '%_@_%' AND length(email) <= 254),
    created_at timestamptz NOT NULL DEFAULT now()
);
-- Addresses are compared without regard to case, and stored as typed.
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE ad_accounts (
    id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    -- The key of the account's advisory lock, because locks do not accept a uuid.
    number              int NOT NULL UNIQUE GENERATED ALWAYS AS IDENTITY,
    -- Facebook's id without "act_".
    facebook_account_id text COLLATE "C" NOT NULL UNIQUE CHECK (facebook_account_id ~ '^[0-9]{1,20}$'),
    name                text NOT NULL DEFAULT '',
    -- ISO 4217; NULL until the first sync.
    currency            text,
    -- IANA name of the time zone of the account's days.
    time_zone           text NOT NULL DEFAULT 'UTC',
    -- Facebook's account_status as a word: ACTIVE, DISABLED, UNSETTLED …
    status              text,
    created_at          timestamptz NOT NULL DEFAULT now(),

    -- AES-256-GCM; the key id identifies the TOKEN_ENCRYPTION_KEY.
    facebook_token        bytea,
    facebook_token_key_id text,

    sync_status    text NOT NULL DEFAULT 'idle' CHECK (sync_status IN ('idle', 'syncing', 'error')),
    sync_error     text,
    last_synced_at timestamptz,
    -- During a hold, no sync starts automatically. 'infinity': until a person acts.
    held_until     timestamptz,
    held_reason    text CHECK (held_reason IN ('RATE_LIMITED', 'TOKEN_EXPIRED', 'RETRY_LATER')),
    -- Failed runs in a row, which determine the next pause.
    failures       int NOT NULL DEFAULT 0,

    -- Raised when the response of the route with this name has changed; part of every cache key and validator.
    campaigns_version bigint NOT NULL DEFAULT 1,
    ad_groups_version bigint NOT NULL DEFAULT 1,
    creatives_version bigint NOT NULL DEFAULT 1,
    -- The days, in time_zone, that the metrics stored with campaigns, ad_groups and creatives cover; both included.
    metrics_since     date,
    metrics_until     date,

    CHECK ((held_until IS NULL) = (held_reason IS NULL)),
    CHECK ((facebook_token IS NULL) = (facebook_token_key_id IS NULL))
);

CREATE TABLE account_access (
    user_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    ad_account_id uuid NOT NULL REFERENCES ad_accounts ON DELETE CASCADE,
    role          text NOT NULL CHECK (role IN ('viewer', 'manager')),
    PRIMARY KEY (user_id, ad_account_id)
);
CREATE INDEX account_access_ad_account_id_idx ON account_access (ad_account_id);

CREATE TABLE access_tokens (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    label        text NOT NULL DEFAULT '',
    -- SHA-256 of the token. The token itself is shown once and stored nowhere.
    token_hash   bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz
);
CREATE INDEX access_tokens_user_id_idx ON access_tokens (user_id);
