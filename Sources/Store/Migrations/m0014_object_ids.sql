-- An id of AdMirror for each object, for programs that need one key column of the same type in every table. It stays
-- with the row. Facebook's ids remain the keys of syncs.
ALTER TABLE campaigns ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE ad_groups ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE creatives ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
CREATE UNIQUE INDEX campaigns_id_key ON campaigns (id);
CREATE UNIQUE INDEX ad_groups_id_key ON ad_groups (id);
CREATE UNIQUE INDEX creatives_id_key ON creatives (id);
