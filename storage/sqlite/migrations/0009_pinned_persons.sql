CREATE TABLE pinned_persons (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    normalised TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    machine_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    PRIMARY KEY (article_id, normalised)
) WITHOUT ROWID;
CREATE INDEX pinned_persons_person ON pinned_persons (person_id);
CREATE INDEX pinned_persons_machine ON pinned_persons (machine_id);
