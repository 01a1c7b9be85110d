ALTER TABLE persons ADD COLUMN canonical_id INTEGER REFERENCES persons (id);
UPDATE persons SET canonical_id = id;
CREATE INDEX persons_canonical ON persons (canonical_id);

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    article_id INTEGER REFERENCES articles (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    anchor TEXT,
    said TEXT NOT NULL,
    corrected TEXT NOT NULL,
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL,
    ended_at TEXT,
    ended_by TEXT
);
CREATE INDEX corrections_collection ON corrections (collection_id, id);
CREATE INDEX corrections_article ON corrections (article_id);

CREATE TABLE judgements (
    left_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    right_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    verdict TEXT NOT NULL,
    correction_id INTEGER NOT NULL REFERENCES corrections (id) ON DELETE CASCADE,
    PRIMARY KEY (left_id, right_id)
) WITHOUT ROWID;
CREATE INDEX judgements_right ON judgements (right_id);
CREATE INDEX judgements_correction ON judgements (correction_id);

CREATE TABLE doubts (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    candidate_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    score REAL NOT NULL,
    evidence TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    asked_at TEXT,
    UNIQUE (person_id, candidate_id)
);
CREATE INDEX doubts_collection ON doubts (collection_id, id);
CREATE INDEX doubts_candidate ON doubts (candidate_id);
CREATE INDEX doubts_article ON doubts (article_id);

CREATE TRIGGER claims_search_update AFTER UPDATE OF search_text ON claims BEGIN
    INSERT INTO claims_search (claims_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    INSERT INTO claims_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE TABLE told (
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    message_id INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    thread_id INTEGER,
    topic TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE INDEX told_at ON told (told_at);

CREATE TABLE told_claims (
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (claim_id, chat_id, message_id),
    FOREIGN KEY (chat_id, message_id) REFERENCES told (chat_id, message_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX told_claims_message ON told_claims (chat_id, message_id);
