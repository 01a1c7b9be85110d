-- Jobs are handed out in turn by owner; of a lane, only the head can be claimed.
ALTER TABLE jobs ADD COLUMN owner INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN is_head INTEGER NOT NULL DEFAULT 1;
UPDATE jobs SET turn = id, is_head = NOT EXISTS (
    SELECT 1 FROM jobs earlier
    WHERE earlier.lane = jobs.lane AND earlier.state IN ('ready', 'running') AND earlier.id < jobs.id
)
WHERE state IN ('ready', 'running');
DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (bot, kind, state, is_head, priority, turn, id, run_at);
CREATE INDEX jobs_owner ON jobs (bot, kind, owner, turn);
CREATE TRIGGER jobs_next_head AFTER UPDATE OF state ON jobs WHEN NEW.state IN ('done', 'failed')
BEGIN
    UPDATE jobs SET is_head = 1 WHERE id = (SELECT MIN(id) FROM jobs WHERE lane = NEW.lane AND state = 'ready');
END;
CREATE TRIGGER jobs_next_head_of_none AFTER DELETE ON jobs WHEN OLD.is_head AND OLD.state IN ('ready', 'running')
BEGIN
    UPDATE jobs SET is_head = 1 WHERE id = (SELECT MIN(id) FROM jobs WHERE lane = OLD.lane AND state = 'ready');
END;
CREATE TABLE turns (
    bot INTEGER NOT NULL,
    kind TEXT NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (bot, kind)
) WITHOUT ROWID;

-- How much users and chats have asked of the bot lately, and when they were last told that it was too much.
CREATE TABLE used (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    what TEXT NOT NULL,
    span TEXT NOT NULL,
    began_at TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (bot, chat_id, user_id, what, span)
) WITHOUT ROWID;
CREATE INDEX used_since ON used (began_at);
CREATE TABLE held_back (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (bot, chat_id, user_id)
) WITHOUT ROWID;
