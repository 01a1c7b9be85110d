-- Which articles name a person, newest first: without it every question about somebody reads all that is said of them.
CREATE TABLE person_articles (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    voice INTEGER NOT NULL,
    PRIMARY KEY (person_id, seen_at, article_id)
) WITHOUT ROWID;
CREATE INDEX person_articles_article ON person_articles (article_id);
CREATE INDEX person_articles_voice ON person_articles (person_id, voice);
INSERT INTO person_articles (person_id, seen_at, article_id, voice)
SELECT DISTINCT m.person_id, a.seen_at, a.id, COALESCE(r.reprint_of, a.id)
FROM mentions m JOIN articles a ON a.id = m.article_id LEFT JOIN reprints r ON r.article_id = a.id;
CREATE TRIGGER person_articles_named AFTER INSERT ON mentions BEGIN
    INSERT INTO person_articles (person_id, seen_at, article_id, voice)
    SELECT new.person_id, a.seen_at, a.id, COALESCE(r.reprint_of, a.id)
    FROM articles a LEFT JOIN reprints r ON r.article_id = a.id WHERE a.id = new.article_id
    ON CONFLICT (person_id, seen_at, article_id) DO NOTHING;
END;
CREATE TRIGGER person_articles_unnamed AFTER DELETE ON mentions BEGIN
    DELETE FROM person_articles WHERE article_id = old.article_id AND person_id = old.person_id
        AND NOT EXISTS (SELECT 1 FROM mentions WHERE person_id = old.person_id AND article_id = old.article_id);
END;
CREATE TRIGGER person_articles_dated AFTER UPDATE OF seen_at ON articles WHEN new.seen_at <> old.seen_at BEGIN
    UPDATE person_articles SET seen_at = new.seen_at WHERE article_id = new.id;
END;
CREATE TRIGGER person_articles_reprint AFTER INSERT ON reprints BEGIN
    UPDATE person_articles SET voice = new.reprint_of WHERE article_id = new.article_id;
END;
CREATE TRIGGER person_articles_other_head AFTER UPDATE OF reprint_of ON reprints BEGIN
    UPDATE person_articles SET voice = new.reprint_of WHERE article_id = new.article_id;
END;
CREATE TRIGGER person_articles_own AFTER DELETE ON reprints BEGIN
    UPDATE person_articles SET voice = old.article_id WHERE article_id = old.article_id;
END;

CREATE INDEX roles_newest ON roles (person_id, seen_at, job_title);

-- The number of a collection becomes a word of its articles and claims: a search of a small one passes a large one by.
DROP TRIGGER articles_search_insert;
DROP TRIGGER articles_search_delete;
DROP TRIGGER articles_search_update;
DROP TABLE articles_search;
CREATE VIRTUAL TABLE articles_search USING fts5 (
    search_text, collection_id, content='articles', content_rowid='id'
);
INSERT INTO articles_search (articles_search) VALUES ('rebuild');
CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;
CREATE TRIGGER articles_search_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
END;
CREATE TRIGGER articles_search_update AFTER UPDATE OF search_text, collection_id ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
    INSERT INTO articles_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;

DROP TRIGGER claims_search_insert;
DROP TRIGGER claims_search_update;
DROP TRIGGER claims_search_delete;
DROP TABLE claims_search;
CREATE VIRTUAL TABLE claims_search USING fts5 (
    search_text, collection_id, content='claims', content_rowid='id'
);
INSERT INTO claims_search (claims_search) VALUES ('rebuild');
CREATE TRIGGER claims_search_insert AFTER INSERT ON claims BEGIN
    INSERT INTO claims_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;
CREATE TRIGGER claims_search_update AFTER UPDATE OF search_text, collection_id ON claims
WHEN new.search_text <> old.search_text OR new.collection_id <> old.collection_id BEGIN
    INSERT INTO claims_search (claims_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
    INSERT INTO claims_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;
CREATE TRIGGER claims_search_delete AFTER DELETE ON claims BEGIN
    INSERT INTO claims_search (claims_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
END;

-- What tells the same rows again when an archive is carried from one place to another.
ALTER TABLE collections ADD COLUMN uid TEXT;
ALTER TABLE persons ADD COLUMN uid TEXT;
CREATE UNIQUE INDEX persons_uid ON persons (collection_id, uid) WHERE uid IS NOT NULL;
ALTER TABLE corrections ADD COLUMN uid TEXT;
CREATE UNIQUE INDEX corrections_uid ON corrections (collection_id, uid) WHERE uid IS NOT NULL;
CREATE TABLE restored_chats (
    id INTEGER PRIMARY KEY REFERENCES chats (id),
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    telegram_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    UNIQUE (collection_id, telegram_id)
);
