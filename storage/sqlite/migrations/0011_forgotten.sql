CREATE TABLE forgotten (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    forgotten_at TEXT NOT NULL,
    mentions TEXT NOT NULL
);
CREATE INDEX forgotten_at ON forgotten (forgotten_at);
CREATE INDEX cards_message ON cards (chat_id, message_id);
