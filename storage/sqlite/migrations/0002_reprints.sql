CREATE TABLE fingerprints (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    minima BLOB NOT NULL
);
CREATE TABLE fingerprint_bands (
    collection_id INTEGER NOT NULL,
    band INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, band, article_id)
) WITHOUT ROWID;
CREATE INDEX fingerprint_bands_article ON fingerprint_bands (article_id);
CREATE TABLE reprints (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    reprint_of INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX reprints_of ON reprints (reprint_of);
