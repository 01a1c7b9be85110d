-- Several digests a chat, each with its times, days and filters, also for another chat than the one that set it up;
-- several times a day; a digest of several messages.
CREATE TABLE new_subscriptions (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    target_id INTEGER NOT NULL REFERENCES chats (id),
    thread_id INTEGER NOT NULL,
    owner_id INTEGER NOT NULL,
    times TEXT NOT NULL,
    days TEXT NOT NULL,
    timezone TEXT NOT NULL,
    filters TEXT NOT NULL,
    when_empty TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    next_run TEXT NOT NULL,
    created_at TEXT NOT NULL
);
INSERT INTO new_subscriptions
SELECT id, chat_id, chat_id, thread_id, 0, json_array(local_time), '[1, 2, 3, 4, 5, 6, 7]', timezone, '{}', 'line',
    CASE active WHEN 1 THEN 'active' ELSE 'ended' END, NULL, next_run, created_at
FROM subscriptions;
CREATE TABLE new_deliveries (
    id INTEGER PRIMARY KEY,
    subscription_id INTEGER NOT NULL REFERENCES new_subscriptions (id) ON DELETE CASCADE,
    local_date TEXT NOT NULL,
    local_time TEXT NOT NULL,
    due TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    UNIQUE (subscription_id, local_date, local_time)
);
INSERT INTO new_deliveries
SELECT d.id, d.subscription_id, d.local_date, s.local_time, d.due, d.since, d.until, d.state, d.reason
FROM deliveries d JOIN subscriptions s ON s.id = d.subscription_id;
CREATE TABLE delivery_messages (
    delivery_id INTEGER NOT NULL REFERENCES new_deliveries (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (delivery_id, part)
) WITHOUT ROWID;
INSERT INTO delivery_messages SELECT id, 0, message_id FROM deliveries WHERE message_id IS NOT NULL;
DROP TABLE deliveries;
DROP TABLE subscriptions;
ALTER TABLE new_subscriptions RENAME TO subscriptions;
ALTER TABLE new_deliveries RENAME TO deliveries;
CREATE INDEX subscriptions_due ON subscriptions (state, next_run);
CREATE INDEX subscriptions_chat ON subscriptions (chat_id);
CREATE INDEX subscriptions_target ON subscriptions (target_id);
CREATE INDEX deliveries_state ON deliveries (state);

-- Which collection a chat sees, as what, and which one is its own; which language it is spoken to in.
ALTER TABLE chats ADD COLUMN role TEXT NOT NULL DEFAULT 'owner';
ALTER TABLE chats ADD COLUMN own_collection_id INTEGER REFERENCES collections (id);
UPDATE chats SET own_collection_id = collection_id;
ALTER TABLE chats ADD COLUMN language TEXT;
CREATE INDEX chats_collection ON chats (collection_id);
