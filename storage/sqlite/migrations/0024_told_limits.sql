-- Who was told that it is too much of one thing is told of another, too. What stood here was good for a minute.
DROP TABLE held_back;
CREATE TABLE held_back (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (bot, chat_id, user_id, what)
) WITHOUT ROWID;
