-- Names as other languages spell them: the keys of each name and of each of its words (storage/spellings.py).
CREATE TABLE name_keys (
    collection_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, key, person_id)
) WITHOUT ROWID;
CREATE INDEX name_keys_person ON name_keys (person_id);
INSERT INTO name_keys (collection_id, key, person_id)
SELECT DISTINCT n.collection_id, k.value, n.person_id FROM person_names n, json_each(kept_keys(n.name)) k;
-- How far an article of its language could be read: full, people or lead.
ALTER TABLE articles ADD COLUMN reading TEXT NOT NULL DEFAULT 'full';
