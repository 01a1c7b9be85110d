-- In how many articles a person is named: counting them at every question takes longest for those asked about most.
ALTER TABLE persons ADD COLUMN articles INTEGER NOT NULL DEFAULT 0;
UPDATE persons SET articles = (
    SELECT COUNT(DISTINCT pa.voice) FROM person_articles pa
    WHERE pa.person_id IN (SELECT same.id FROM persons same WHERE same.canonical_id = persons.id)
);
CREATE TRIGGER persons_named AFTER INSERT ON person_articles BEGIN
    UPDATE persons SET articles = articles + 1
    WHERE id = (SELECT canonical_id FROM persons WHERE id = new.person_id) AND NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = new.voice
            AND (pa.person_id <> new.person_id OR pa.article_id <> new.article_id)
    );
END;
CREATE TRIGGER persons_unnamed AFTER DELETE ON person_articles BEGIN
    UPDATE persons SET articles = articles - 1
    WHERE id = (SELECT canonical_id FROM persons WHERE id = old.person_id) AND NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = old.voice
    );
END;
CREATE TRIGGER persons_other_voice AFTER UPDATE OF voice ON person_articles WHEN new.voice <> old.voice BEGIN
    UPDATE persons SET articles = articles + (NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = new.voice
            AND (pa.person_id <> new.person_id OR pa.article_id <> new.article_id)
    )) - (NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = old.voice
    ))
    WHERE id = (SELECT canonical_id FROM persons WHERE id = new.person_id);
END;
CREATE TRIGGER persons_shown AFTER UPDATE OF canonical_id ON persons WHEN new.canonical_id IS NOT old.canonical_id BEGIN
    UPDATE persons SET articles = (
        SELECT COUNT(DISTINCT pa.voice) FROM person_articles pa
        WHERE pa.person_id IN (SELECT same.id FROM persons same WHERE same.canonical_id = persons.id)
    ) WHERE id IN (old.canonical_id, new.canonical_id, new.id);
END;
