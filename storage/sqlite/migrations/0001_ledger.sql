-- Times are text in UTC, 2026-03-12T08:00:00.000Z: they sort as they are.

CREATE TABLE collections (
    id INTEGER PRIMARY KEY,
    created_at TEXT NOT NULL
);

CREATE TABLE chats (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    username TEXT,
    timezone TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    content_hash TEXT NOT NULL,
    body TEXT NOT NULL,
    search_text TEXT NOT NULL,
    state TEXT NOT NULL,
    failure TEXT,
    headline TEXT,
    publisher TEXT,
    author TEXT NOT NULL DEFAULT '[]',
    date_published TEXT,
    language TEXT,
    url TEXT,
    received_at TEXT NOT NULL,
    settled_at TEXT,
    seen_at TEXT NOT NULL,
    UNIQUE (collection_id, content_hash)
);
CREATE INDEX articles_settled ON articles (collection_id, settled_at);

-- Each message that brought an article; the first one is what its lines lead back to.
CREATE TABLE forwards (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    message_id INTEGER NOT NULL,
    thread_id INTEGER,
    sender TEXT NOT NULL,
    origin_kind TEXT NOT NULL,
    origin_name TEXT,
    origin_username TEXT,
    origin_message_id INTEGER,
    origin_sent_at TEXT,
    sent_at TEXT NOT NULL,
    UNIQUE (article_id, chat_id, message_id)
);
CREATE INDEX forwards_article ON forwards (article_id, id);

-- The one message by which a chat is shown an article.
CREATE TABLE cards (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    message_id INTEGER NOT NULL,
    PRIMARY KEY (article_id, chat_id)
);

CREATE TABLE persons (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    name TEXT NOT NULL
);

CREATE TABLE person_names (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL,
    normalised TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (person_id, normalised)
);
CREATE INDEX person_names_normalised ON person_names (collection_id, normalised);

-- For names in part and misspelt ones: the words of each name, and the three-letter pieces of each word.
CREATE TABLE name_words (
    collection_id INTEGER NOT NULL,
    word TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, word, person_id)
) WITHOUT ROWID;
CREATE INDEX name_words_person ON name_words (person_id);

CREATE TABLE word_trigrams (
    collection_id INTEGER NOT NULL,
    trigram TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (collection_id, trigram, word)
) WITHOUT ROWID;

CREATE TABLE mentions (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, start, "end")
) WITHOUT ROWID;
CREATE INDEX mentions_person ON mentions (person_id, article_id);

CREATE TABLE roles (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    job_title TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (person_id, article_id, job_title)
) WITHOUT ROWID;
CREATE INDEX roles_article ON roles (article_id);

-- Every attribution of an article, and its key claims; position is the order in the text, rank that of the key claims.
CREATE TABLE claims (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    rank INTEGER,
    text TEXT NOT NULL,
    spans TEXT NOT NULL,
    search_text TEXT NOT NULL,
    factuality TEXT NOT NULL,
    kind TEXT,
    source_text TEXT,
    source_spans TEXT,
    source_person_id INTEGER REFERENCES persons (id),
    source_job_title TEXT,
    cue_text TEXT,
    cue_spans TEXT,
    lead_in TEXT
);
CREATE INDEX claims_article ON claims (article_id);
CREATE INDEX claims_source_person ON claims (source_person_id);

-- Who says a claim and who is named in it, keyed for newest first.
CREATE TABLE claim_persons (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    part TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, part, seen_at, claim_id)
) WITHOUT ROWID;
CREATE INDEX claim_persons_claim ON claim_persons (claim_id);

CREATE VIRTUAL TABLE articles_search USING fts5 (search_text, content='articles', content_rowid='id');
CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_search (rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER articles_search_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END;
CREATE TRIGGER articles_search_update AFTER UPDATE OF search_text ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
    INSERT INTO articles_search (rowid, search_text) VALUES (new.id, new.search_text);
END;

CREATE VIRTUAL TABLE claims_search USING fts5 (search_text, content='claims', content_rowid='id');
CREATE TRIGGER claims_search_insert AFTER INSERT ON claims BEGIN
    INSERT INTO claims_search (rowid, search_text) VALUES (new.id, new.search_text);
END;
CREATE TRIGGER claims_search_delete AFTER DELETE ON claims BEGIN
    INSERT INTO claims_search (claims_search, rowid, search_text) VALUES ('delete', old.id, old.search_text);
END;

-- One daily digest a chat, or a topic of a forum; thread_id 0 is a chat without topics.
CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    thread_id INTEGER NOT NULL,
    local_time TEXT NOT NULL,
    timezone TEXT NOT NULL,
    next_run TEXT NOT NULL,
    active INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (chat_id, thread_id)
);
CREATE INDEX subscriptions_due ON subscriptions (active, next_run);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
    local_date TEXT NOT NULL,
    due TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    message_id INTEGER,
    UNIQUE (subscription_id, local_date)
);
CREATE INDEX deliveries_state ON deliveries (state);

CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,
    bot INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    lane TEXT,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL,
    created_at TEXT NOT NULL,
    run_at TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    ended_at TEXT
);
CREATE INDEX jobs_open ON jobs (bot, kind, state, priority, id);
CREATE INDEX jobs_lane ON jobs (lane, state, id);
CREATE INDEX jobs_ended ON jobs (ended_at);
