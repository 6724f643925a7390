-- The Graph API version that Facebook accepts from an app, so that only one process has to find out.

CREATE TABLE graph_versions (
    -- Empty for tokens whose app is not configured.
    app_id     text PRIMARY KEY,
    -- FACEBOOK_API_VERSION at the time.
    configured text NOT NULL,
    -- NULL while it is unknown.
    accepted   text,
    since      timestamptz,
    -- When Facebook last accepted it after a claim.
    checked_at timestamptz,
    -- A process is finding out.
    claimed_at timestamptz,
    -- configured, named, tried or upgraded.
    reason     text,
    -- The first day without the version, if Meta has given one.
    ends_on    date
);

-- Failing calls count against the app, so a version that Facebook refused is not called again for a day.
CREATE TABLE graph_version_refusals (
    app_id     text NOT NULL,
    version    text NOT NULL,
    refused_at timestamptz NOT NULL,
    PRIMARY KEY (app_id, version)
);
