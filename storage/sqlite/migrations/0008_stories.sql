CREATE TABLE origins (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    origin TEXT NOT NULL
);
INSERT INTO origins (article_id, origin)
SELECT a.id, origin_of_name(COALESCE(a.publisher, f.origin_name)) FROM articles a
LEFT JOIN forwards f ON f.id = (SELECT MIN(id) FROM forwards WHERE article_id = a.id AND origin_kind = 'channel')
WHERE origin_of_name(COALESCE(a.publisher, f.origin_name)) IS NOT NULL;

CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE
);

CREATE TABLE story_articles (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL,
    day INTEGER NOT NULL
);
CREATE INDEX story_articles_story ON story_articles (story_id, day);
CREATE INDEX story_articles_day ON story_articles (collection_id, day);
CREATE TRIGGER stories_left AFTER UPDATE OF story_id ON story_articles BEGIN
    DELETE FROM stories
    WHERE id = old.story_id AND NOT EXISTS (SELECT 1 FROM story_articles WHERE story_id = old.story_id);
END;
CREATE TRIGGER stories_emptied AFTER DELETE ON story_articles BEGIN
    DELETE FROM stories
    WHERE id = old.story_id AND NOT EXISTS (SELECT 1 FROM story_articles WHERE story_id = old.story_id);
END;

CREATE TABLE story_keys (
    collection_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    day INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    weight REAL NOT NULL,
    PRIMARY KEY (collection_id, key, day, article_id)
) WITHOUT ROWID;
CREATE INDEX story_keys_article ON story_keys (article_id);
