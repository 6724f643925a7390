-- What ads show: their creatives, and pictures of them. (The table creatives has the ads themselves.)

ALTER TABLE creatives ADD COLUMN facebook_creative_id text COLLATE "C";
ALTER TABLE staged_ads ADD COLUMN creative_id text COLLATE "C";
CREATE INDEX creatives_facebook_creative_id_idx ON creatives (ad_account_id, facebook_creative_id);

-- Facebook never changes a creative, so each is read once.
CREATE TABLE ad_creatives (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts (id) ON DELETE CASCADE,
    facebook_creative_id text COLLATE "C" NOT NULL,
    name text,
    title text,
    body text,
    call_to_action text,
    link_url text,
    post_url text,
    video_id text,
    object_type text,
    image_hash text COLLATE "C",
    -- Equal for creatives that show the same. NULL until the creative is read.
    content_key text COLLATE "C",
    -- The name of its picture in media.
    picture text COLLATE "C",
    -- Where Facebook has the picture, until it is stored. Such addresses expire.
    picture_url text,
    -- What is to be done next: to be read, its picture to be stored, or nothing.
    state text NOT NULL DEFAULT 'unread' CHECK (state IN ('unread', 'picture', 'done')),
    -- When; NULL for never.
    due_at timestamptz DEFAULT now(),
    -- What went wrong last, and how often in a row.
    error text,
    attempts int NOT NULL DEFAULT 0,
    PRIMARY KEY (ad_account_id, facebook_creative_id)
);
CREATE INDEX ad_creatives_due_idx ON ad_creatives (ad_account_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX ad_creatives_picture_idx ON ad_creatives (ad_account_id, picture) WHERE picture IS NOT NULL;
CREATE INDEX ad_creatives_image_idx ON ad_creatives (ad_account_id, image_hash) WHERE image_hash IS NOT NULL;

-- Up to which version of its ads an account's new creatives are known.
CREATE TABLE creative_queues (
    ad_account_id uuid PRIMARY KEY REFERENCES ad_accounts (id) ON DELETE CASCADE,
    ads_version bigint NOT NULL,
    served_at timestamptz NOT NULL DEFAULT now()
);

-- Thumbnails. The name is the SHA-256 of the picture that they were made of. Their bytes are compressed already.
CREATE TABLE media (
    ad_account_id uuid NOT NULL REFERENCES ad_accounts (id) ON DELETE CASCADE,
    name text COLLATE "C" NOT NULL,
    -- The largest width that was wanted; a small picture is not enlarged.
    width int NOT NULL,
    type text NOT NULL,
    size int NOT NULL,
    bytes bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (ad_account_id, name, width)
);
ALTER TABLE media ALTER COLUMN bytes SET STORAGE EXTERNAL;
