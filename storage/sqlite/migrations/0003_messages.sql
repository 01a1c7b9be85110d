ALTER TABLE forwards ADD COLUMN origin_signature TEXT;
ALTER TABLE forwards ADD COLUMN note TEXT;
ALTER TABLE forwards ADD COLUMN sender_id INTEGER NOT NULL DEFAULT 0;

CREATE TABLE message_parts (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE INDEX message_parts_article ON message_parts (article_id);

CREATE TABLE article_versions (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    replaced_at TEXT NOT NULL,
    body TEXT NOT NULL,
    headline TEXT,
    PRIMARY KEY (article_id, replaced_at)
) WITHOUT ROWID;

CREATE TABLE waiting_messages (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    arrived_at TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (bot, chat_id, message_id)
) WITHOUT ROWID;

CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    thread_id INTEGER,
    sender_id INTEGER NOT NULL,
    first_message_id INTEGER NOT NULL,
    first_sent_at TEXT NOT NULL,
    last_sent_at TEXT NOT NULL,
    message_id INTEGER
);
CREATE INDEX batches_chat ON batches (chat_id, last_sent_at);

CREATE TABLE batch_items (
    batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    article_id INTEGER REFERENCES articles (id) ON DELETE CASCADE,
    known INTEGER NOT NULL,
    problem TEXT,
    PRIMARY KEY (batch_id, message_id, what)
) WITHOUT ROWID;
CREATE INDEX batch_items_article ON batch_items (article_id);
CREATE INDEX forwards_sent ON forwards (chat_id, sent_at);
