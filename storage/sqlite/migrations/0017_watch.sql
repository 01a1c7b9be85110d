-- Whom a chat wants to hear of at once, what it has been told of them, and when it wants to hear of nothing.
CREATE TABLE watches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    thread_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    person_id INTEGER REFERENCES persons (id) ON DELETE SET NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX watches_chat ON watches (chat_id);
CREATE INDEX watches_person ON watches (person_id);
CREATE TABLE alerts (
    watch_id INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    PRIMARY KEY (watch_id, article_id)
) WITHOUT ROWID;
CREATE INDEX alerts_article ON alerts (article_id);
CREATE INDEX alerts_open ON alerts (watch_id, article_id) WHERE state <> 'told';
CREATE TABLE quiet_times (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id),
    begins TEXT NOT NULL,
    ends TEXT NOT NULL
);
