CREATE TABLE imported_files (
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (collection_id, content_hash)
) WITHOUT ROWID;
