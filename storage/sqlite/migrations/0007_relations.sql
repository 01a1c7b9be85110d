ALTER TABLE claims ADD COLUMN gist TEXT;

CREATE TABLE claim_keys (
    collection_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    day INTEGER NOT NULL,
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, key, day, claim_id)
) WITHOUT ROWID;
CREATE INDEX claim_keys_claim ON claim_keys (claim_id);

CREATE TABLE claim_relations (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    other_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    score REAL NOT NULL,
    evidence TEXT NOT NULL,
    correction_id INTEGER REFERENCES corrections (id),
    UNIQUE (claim_id, other_id)
);
CREATE INDEX claim_relations_other ON claim_relations (other_id);
CREATE INDEX claim_relations_correction ON claim_relations (correction_id);
