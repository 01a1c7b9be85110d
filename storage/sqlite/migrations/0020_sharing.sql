-- Links by which other chats may join a collection, and how those that did came to it.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    user_id INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    expires_at TEXT NOT NULL,
    for_chat_id INTEGER
);
CREATE INDEX invitations_collection ON invitations (collection_id);
CREATE TABLE memberships (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
    joined_at TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    user_name TEXT NOT NULL
);

-- Chats that the bot is closed to, and when they were last told so.
CREATE TABLE turned_away (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (bot, chat_id)
) WITHOUT ROWID;
