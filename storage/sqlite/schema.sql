-- What is in the file today, written out for reading. Nothing runs this: the numbered steps in migrations/ make the
-- file, and a test holds the two against each other.
--
-- Times are text in UTC, 2026-03-12T08:00:00.000Z: they sort as they are.
-- Spans are JSON, [[start, end], …], counted in characters of the article's body.
-- "normalised" and search_text are lower-case Latin words with single spaces, so that every spelling meets.

-- ----------------------------------------------------------------- chats and what they share

-- The articles that one or more chats share; nothing is ever looked up across collections.
CREATE TABLE collections (
    id INTEGER PRIMARY KEY,
    created_at TEXT NOT NULL,
    uid TEXT,                          -- what its exports are known by; none before the first
    kept_days INTEGER                  -- older articles are erased; none are where that is not set
);

CREATE TABLE chats (
    id INTEGER PRIMARY KEY,            -- Telegram's number
    bot INTEGER NOT NULL,              -- the bot that met it; another one, in the same file, leaves it alone
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    kind TEXT NOT NULL,                -- private, group, supergroup, channel
    title TEXT NOT NULL,               -- of a private chat: the person's name
    username TEXT,                     -- of a public chat
    timezone TEXT NOT NULL,            -- IANA name
    created_at TEXT NOT NULL,
    role TEXT NOT NULL DEFAULT 'owner', -- what it may do with its collection: owner, editor, reader
    own_collection_id INTEGER REFERENCES collections (id), -- that it sees where it shares no other's
    language TEXT                      -- in which it is spoken to, ISO 639-1; none before that is known
);
CREATE INDEX chats_collection ON chats (collection_id);

-- Links by which other chats may join a collection. One that was used, or taken back, is not kept.
CREATE TABLE invitations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- in a button, so none is given again
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id), -- where somebody made it
    user_id INTEGER NOT NULL,          -- who did
    user_name TEXT NOT NULL,
    role TEXT NOT NULL,                -- what who joins may do: editor, reader
    hash TEXT NOT NULL UNIQUE,         -- of the link; itself it is not kept
    expires_at TEXT NOT NULL,
    for_chat_id INTEGER                -- the group that it was opened in: all there see it, and it is good nowhere else
);
CREATE INDEX invitations_collection ON invitations (collection_id);

-- How a chat came to the collection of others that it sees.
CREATE TABLE memberships (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
    joined_at TEXT NOT NULL,
    user_id INTEGER NOT NULL,          -- who made the link
    user_name TEXT NOT NULL
);

-- Chats that the bot is closed to, and when they were last told so.
CREATE TABLE turned_away (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    PRIMARY KEY (bot, chat_id)
) WITHOUT ROWID;

-- Chats that a restored archive came from, as far as they are not the collection's own: nobody can write in them here.
CREATE TABLE restored_chats (
    id INTEGER PRIMARY KEY REFERENCES chats (id),
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    telegram_id INTEGER NOT NULL,      -- what the chat is to Telegram
    kind TEXT NOT NULL,
    UNIQUE (collection_id, telegram_id)
);

-- ----------------------------------------------------------------- articles

CREATE TABLE articles (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    content_hash TEXT NOT NULL,        -- of the body without regard to spaces and line breaks
    body TEXT NOT NULL,                -- as received: what all spans count in
    search_text TEXT NOT NULL,
    state TEXT NOT NULL,               -- received, read, failed
    failure TEXT,                      -- why nothing could be read: timeout, crash, unreadable_script
    headline TEXT,
    publisher TEXT,
    author TEXT NOT NULL DEFAULT '[]', -- JSON, a list of names
    date_published TEXT,               -- ISO 8601, as precise as the article is
    language TEXT,                     -- ISO 639-1
    url TEXT,
    received_at TEXT NOT NULL,
    settled_at TEXT,                   -- when it was first read, or found unreadable: what digests go by
    seen_at TEXT NOT NULL,             -- the article's own date where it has one, else when it was received
    reading TEXT NOT NULL DEFAULT 'full', -- how far an article of its language could be read: full, people or lead
    UNIQUE (collection_id, content_hash)
);
CREATE INDEX articles_settled ON articles (collection_id, settled_at);
CREATE INDEX articles_received ON articles (collection_id, received_at);

-- Each message that brought an article; the first one is what its lines lead back to.
CREATE TABLE forwards (
    id INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    message_id INTEGER NOT NULL,
    thread_id INTEGER,                 -- the topic, in a forum
    sender TEXT NOT NULL,
    origin_kind TEXT NOT NULL,         -- Telegram's MessageOrigin; none for a text that was pasted
    origin_name TEXT,
    origin_username TEXT,
    origin_message_id INTEGER,
    origin_sent_at TEXT,
    sent_at TEXT NOT NULL,
    origin_signature TEXT,             -- the author whom a channel names
    note TEXT,                         -- what the sender wrote together with it
    sender_id INTEGER NOT NULL DEFAULT 0, -- Telegram's number of the sender; 0 where it is not known
    UNIQUE (article_id, chat_id, message_id)
);
CREATE INDEX forwards_article ON forwards (article_id, id);
CREATE INDEX forwards_sent ON forwards (chat_id, sent_at);
CREATE INDEX forwards_sender ON forwards (sender_id);

-- What each message says of an article whose text stands in messages: when one is edited, the article is.
CREATE TABLE message_parts (
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE INDEX message_parts_article ON message_parts (article_id);

-- What an article said before it was edited.
CREATE TABLE article_versions (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    replaced_at TEXT NOT NULL,
    body TEXT NOT NULL,
    headline TEXT,
    PRIMARY KEY (article_id, replaced_at)
) WITHOUT ROWID;

-- Messages that others may belong to, for the second or two until that is known.
CREATE TABLE waiting_messages (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    arrived_at TEXT NOT NULL,
    message TEXT NOT NULL,             -- JSON
    PRIMARY KEY (bot, chat_id, message_id)
) WITHOUT ROWID;

-- Many articles brought in a row: one message tells how far they are, instead of a card each.
CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    thread_id INTEGER,
    sender_id INTEGER NOT NULL,
    first_message_id INTEGER NOT NULL, -- that brought the first of them
    first_sent_at TEXT NOT NULL,       -- when the first of them was sent, and the last
    last_sent_at TEXT NOT NULL,
    message_id INTEGER                 -- that tells how far they are
);
CREATE INDEX batches_chat ON batches (chat_id, last_sent_at);

CREATE TABLE batch_items (
    batch_id INTEGER NOT NULL REFERENCES batches (id) ON DELETE CASCADE,
    message_id INTEGER NOT NULL,
    what TEXT NOT NULL,                -- the article's number, or the link or file that gave none
    article_id INTEGER REFERENCES articles (id) ON DELETE CASCADE,
    known INTEGER NOT NULL,            -- 0 or 1: it was here before
    problem TEXT,                      -- why there is no article
    PRIMARY KEY (batch_id, message_id, what)
) WITHOUT ROWID;
CREATE INDEX batch_items_article ON batch_items (article_id);

-- The one message by which a chat is shown an article.
CREATE TABLE cards (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    message_id INTEGER NOT NULL,
    PRIMARY KEY (article_id, chat_id)
);
CREATE INDEX cards_message ON cards (chat_id, message_id);

-- Files whose every article was kept and read: an import that is run again need not open them.
CREATE TABLE imported_files (
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    content_hash TEXT NOT NULL,        -- of the file's bytes
    articles INTEGER NOT NULL,         -- how many it holds
    PRIMARY KEY (collection_id, content_hash)
) WITHOUT ROWID;

-- ----------------------------------------------------------------- reprints

-- What an article's body is made of: 256 numbers of 16 bits, little-endian.
CREATE TABLE fingerprints (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    minima BLOB NOT NULL
);

-- The same, four numbers together: articles that share one may be alike.
CREATE TABLE fingerprint_bands (
    collection_id INTEGER NOT NULL,
    band INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, band, article_id)
) WITHOUT ROWID;
CREATE INDEX fingerprint_bands_article ON fingerprint_bands (article_id);

-- The articles that are another one over again, and the first received of those: never itself a reprint.
CREATE TABLE reprints (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    reprint_of INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX reprints_of ON reprints (reprint_of);

-- ----------------------------------------------------------------- origins and stories

-- Where an article is from: articles with the same origin count once. One without a row stands for itself.
CREATE TABLE origins (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    origin TEXT NOT NULL               -- name:harbourpost, of an agency, a publisher or a channel
);

-- Articles about the same events. Their numbers are in buttons, so none is given again.
CREATE TABLE stories (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL REFERENCES collections (id) ON DELETE CASCADE
);

-- Each article that was read is in one; of many it is the only one. A story without articles goes.
CREATE TABLE story_articles (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    story_id INTEGER NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL,
    day INTEGER NOT NULL               -- of the article, counted from 1 January of the year 1
);
CREATE INDEX story_articles_story ON story_articles (story_id, day);
CREATE INDEX story_articles_day ON story_articles (collection_id, day);
CREATE TRIGGER stories_left AFTER UPDATE OF story_id ON story_articles BEGIN
    DELETE FROM stories
    WHERE id = old.story_id AND NOT EXISTS (SELECT 1 FROM story_articles WHERE story_id = old.story_id);
END;
CREATE TRIGGER stories_emptied AFTER DELETE ON story_articles BEGIN
    DELETE FROM stories
    WHERE id = old.story_id AND NOT EXISTS (SELECT 1 FROM story_articles WHERE story_id = old.story_id);
END;

-- What an article is about, to find those of the same days that are about the same.
CREATE TABLE story_keys (
    collection_id INTEGER NOT NULL,
    key INTEGER NOT NULL,              -- of a name, where it is odd, or of another word (services/story_words.py)
    day INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    weight REAL NOT NULL,              -- how much the article is about it
    PRIMARY KEY (collection_id, key, day, article_id)
) WITHOUT ROWID;
CREATE INDEX story_keys_article ON story_keys (article_id, weight);

-- ----------------------------------------------------------------- persons

CREATE TABLE persons (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    name TEXT NOT NULL,                -- the fullest form of the article that brought them
    canonical_id INTEGER REFERENCES persons (id), -- by whom they are shown: themselves, or another one who is the same
    uid TEXT,                          -- of a restored person: what exports call them
    articles INTEGER NOT NULL DEFAULT 0 -- of those shown: how many articles name them, a reprint as what it repeats
);
CREATE INDEX persons_canonical ON persons (canonical_id);
CREATE UNIQUE INDEX persons_uid ON persons (collection_id, uid) WHERE uid IS NOT NULL;

-- Every spelling of a person's name.
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

-- For names as other languages spell them: the keys of each name and of each of its words (storage/spellings.py).
CREATE TABLE name_keys (
    collection_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, key, person_id)
) WITHOUT ROWID;
CREATE INDEX name_keys_person ON name_keys (person_id);

CREATE TABLE word_trigrams (
    collection_id INTEGER NOT NULL,
    trigram TEXT NOT NULL,
    word TEXT NOT NULL,
    PRIMARY KEY (collection_id, trigram, word)
) WITHOUT ROWID;

-- Where an article names a person.
CREATE TABLE mentions (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, start, "end")
) WITHOUT ROWID;
CREATE INDEX mentions_person ON mentions (person_id, article_id);

-- Which articles name a person, newest first: a person may be named a hundred thousand times.
-- Triggers keep it in step with the tables that it is made of.
CREATE TABLE person_articles (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    seen_at TEXT NOT NULL,             -- that of the article
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    voice INTEGER NOT NULL,            -- the article, or that of which it is a reprint
    PRIMARY KEY (person_id, seen_at, article_id)
) WITHOUT ROWID;
CREATE INDEX person_articles_article ON person_articles (article_id);
CREATE INDEX person_articles_voice ON person_articles (person_id, voice);
CREATE TRIGGER person_articles_named AFTER INSERT ON mentions BEGIN
    INSERT INTO person_articles (person_id, seen_at, article_id, voice)
    SELECT new.person_id, a.seen_at, a.id, COALESCE(r.reprint_of, a.id)
    FROM articles a LEFT JOIN reprints r ON r.article_id = a.id WHERE a.id = new.article_id
    ON CONFLICT (person_id, seen_at, article_id) DO NOTHING;
END;
CREATE TRIGGER person_articles_unnamed AFTER DELETE ON mentions BEGIN
    DELETE FROM person_articles WHERE article_id = old.article_id AND person_id = old.person_id
        AND NOT EXISTS (SELECT 1 FROM mentions WHERE person_id = old.person_id AND article_id = old.article_id);
END;
CREATE TRIGGER person_articles_dated AFTER UPDATE OF seen_at ON articles WHEN new.seen_at <> old.seen_at BEGIN
    UPDATE person_articles SET seen_at = new.seen_at WHERE article_id = new.id;
END;
CREATE TRIGGER person_articles_reprint AFTER INSERT ON reprints BEGIN
    UPDATE person_articles SET voice = new.reprint_of WHERE article_id = new.article_id;
END;
CREATE TRIGGER person_articles_other_head AFTER UPDATE OF reprint_of ON reprints BEGIN
    UPDATE person_articles SET voice = new.reprint_of WHERE article_id = new.article_id;
END;
CREATE TRIGGER person_articles_own AFTER DELETE ON reprints BEGIN
    UPDATE person_articles SET voice = old.article_id WHERE article_id = old.article_id;
END;
-- Those that follow count them by person.
CREATE TRIGGER persons_named AFTER INSERT ON person_articles BEGIN
    UPDATE persons SET articles = articles + 1
    WHERE id = (SELECT canonical_id FROM persons WHERE id = new.person_id) AND NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = new.voice
            AND (pa.person_id <> new.person_id OR pa.article_id <> new.article_id)
    );
END;
CREATE TRIGGER persons_unnamed AFTER DELETE ON person_articles BEGIN
    UPDATE persons SET articles = articles - 1
    WHERE id = (SELECT canonical_id FROM persons WHERE id = old.person_id) AND NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = old.voice
    );
END;
CREATE TRIGGER persons_other_voice AFTER UPDATE OF voice ON person_articles WHEN new.voice <> old.voice BEGIN
    UPDATE persons SET articles = articles + (NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = new.voice
            AND (pa.person_id <> new.person_id OR pa.article_id <> new.article_id)
    )) - (NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = persons.id AND pa.voice = old.voice
    ))
    WHERE id = (SELECT canonical_id FROM persons WHERE id = new.person_id);
END;
CREATE TRIGGER persons_shown AFTER UPDATE OF canonical_id ON persons WHEN new.canonical_id IS NOT old.canonical_id BEGIN
    UPDATE persons SET articles = (
        SELECT COUNT(DISTINCT pa.voice) FROM person_articles pa
        WHERE pa.person_id IN (SELECT same.id FROM persons same WHERE same.canonical_id = persons.id)
    ) WHERE id IN (old.canonical_id, new.canonical_id, new.id);
END;

-- What an article says that a person is, with the article's date.
CREATE TABLE roles (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    job_title TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (person_id, article_id, job_title)
) WITHOUT ROWID;
CREATE INDEX roles_article ON roles (article_id);
CREATE INDEX roles_newest ON roles (person_id, seen_at, job_title);

-- Whom a correction says that a name in an article means, as long as it holds.
CREATE TABLE pinned_persons (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    normalised TEXT NOT NULL,
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    machine_id INTEGER REFERENCES persons (id) ON DELETE SET NULL, -- whom the machine had taken them for
    PRIMARY KEY (article_id, normalised)
) WITHOUT ROWID;
CREATE INDEX pinned_persons_person ON pinned_persons (person_id);
CREATE INDEX pinned_persons_machine ON pinned_persons (machine_id);

-- Whether two persons are one, as somebody has said.
CREATE TABLE judgements (
    left_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE, -- the smaller number
    right_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    verdict TEXT NOT NULL,             -- same, different, unsure
    correction_id INTEGER NOT NULL REFERENCES corrections (id) ON DELETE CASCADE,
    PRIMARY KEY (left_id, right_id)
) WITHOUT ROWID;
CREATE INDEX judgements_right ON judgements (right_id);
CREATE INDEX judgements_correction ON judgements (correction_id);

-- Whether they may be, as the machine asks.
CREATE TABLE doubts (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    candidate_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    score REAL NOT NULL,               -- from 0 to 1
    evidence TEXT NOT NULL,            -- JSON, a list of kinds with their values
    raised_at TEXT NOT NULL,
    asked_at TEXT,                     -- when a chat was asked
    UNIQUE (person_id, candidate_id)
);
CREATE INDEX doubts_collection ON doubts (collection_id, id);
CREATE INDEX doubts_candidate ON doubts (candidate_id);
CREATE INDEX doubts_article ON doubts (article_id);

-- ----------------------------------------------------------------- claims

-- Every attribution of an article, and its key claims.
CREATE TABLE claims (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,         -- the order in the text
    rank INTEGER,                      -- of a key claim: 1 is the best
    text TEXT NOT NULL,
    spans TEXT NOT NULL,
    search_text TEXT NOT NULL,         -- of source and content
    factuality TEXT NOT NULL,          -- relative to the source: CT+, PR+, PS+, CT-, PR-, PS-, Uu
    kind TEXT,                         -- of the attribution: speech, belief, intention, evidence, topic
    source_text TEXT,
    source_spans TEXT,
    source_person_id INTEGER REFERENCES persons (id),
    source_job_title TEXT,
    cue_text TEXT,
    cue_spans TEXT,
    lead_in TEXT,
    gist TEXT                          -- JSON: what it says as far as two claims can be compared (domain/gists.py)
);
CREATE INDEX claims_article ON claims (article_id);
CREATE INDEX claims_source_person ON claims (source_person_id);

-- Who says a claim and who is named in it, keyed for newest first.
CREATE TABLE claim_persons (
    person_id INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    part TEXT NOT NULL,                -- source, about
    seen_at TEXT NOT NULL,             -- that of the article
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    PRIMARY KEY (person_id, part, seen_at, claim_id)
) WITHOUT ROWID;
CREATE INDEX claim_persons_claim ON claim_persons (claim_id);

-- What claims are found by that may be on the same matter: a few of each one's most telling words and numbers.
CREATE TABLE claim_keys (
    collection_id INTEGER NOT NULL,
    key INTEGER NOT NULL,              -- a checksum: who shares it may have something in common
    day INTEGER NOT NULL,              -- that of the article, counted from 1 January of year 1
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    PRIMARY KEY (collection_id, key, day, claim_id)
) WITHOUT ROWID;
CREATE INDEX claim_keys_claim ON claim_keys (claim_id);

-- What one claim is to another; the machine's suggestions, and what people have judged.
CREATE TABLE claim_relations (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE, -- which repeats, denies, updates …
    other_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE, -- … this one
    kind TEXT NOT NULL,                -- repeats, corroborates, contradicts, denies, updates
    state TEXT NOT NULL,               -- suggested, confirmed, rejected
    score REAL NOT NULL,               -- from 0 to 1
    evidence TEXT NOT NULL,            -- JSON, a list of sentences
    correction_id INTEGER REFERENCES corrections (id), -- by which somebody judged it
    UNIQUE (claim_id, other_id)
);
CREATE INDEX claim_relations_other ON claim_relations (other_id);
CREATE INDEX claim_relations_correction ON claim_relations (correction_id);

-- ----------------------------------------------------------------- full text

-- The two indexes hold no text of their own; triggers keep them in step with their tables. The number of a collection
-- is a word of its articles and claims, so that a search of a small one passes a large one by.
CREATE VIRTUAL TABLE articles_search USING fts5 (
    search_text, collection_id, content='articles', content_rowid='id'
);
CREATE TRIGGER articles_search_insert AFTER INSERT ON articles BEGIN
    INSERT INTO articles_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;
CREATE TRIGGER articles_search_delete AFTER DELETE ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
END;
CREATE TRIGGER articles_search_update AFTER UPDATE OF search_text, collection_id ON articles BEGIN
    INSERT INTO articles_search (articles_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
    INSERT INTO articles_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;

CREATE VIRTUAL TABLE claims_search USING fts5 (
    search_text, collection_id, content='claims', content_rowid='id'
);
CREATE TRIGGER claims_search_insert AFTER INSERT ON claims BEGIN
    INSERT INTO claims_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;
CREATE TRIGGER claims_search_update AFTER UPDATE OF search_text, collection_id ON claims
WHEN new.search_text <> old.search_text OR new.collection_id <> old.collection_id BEGIN
    INSERT INTO claims_search (claims_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
    INSERT INTO claims_search (rowid, search_text, collection_id)
    VALUES (new.id, new.search_text, new.collection_id);
END;
CREATE TRIGGER claims_search_delete AFTER DELETE ON claims BEGIN
    INSERT INTO claims_search (claims_search, rowid, search_text, collection_id)
    VALUES ('delete', old.id, old.search_text, old.collection_id);
END;

-- The words of the two indexes, in order of letters: half a word is looked for by those that begin so.
CREATE VIRTUAL TABLE claims_words USING fts5vocab (claims_search, instance);
CREATE VIRTUAL TABLE articles_words USING fts5vocab (articles_search, instance);

-- ----------------------------------------------------------------- corrections

-- What people put right, undone or not: the log.
CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    article_id INTEGER REFERENCES articles (id) ON DELETE CASCADE, -- none for persons and pairs of claims
    kind TEXT NOT NULL,                -- domain/corrections.py
    anchor TEXT,                       -- JSON: the words that it is about, and those before and behind them
    said TEXT NOT NULL,                -- JSON: what the machine said
    corrected TEXT NOT NULL,           -- JSON: what holds instead
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    user_name TEXT NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL,               -- standing, undone, reopened
    ended_at TEXT,
    ended_by TEXT,
    uid TEXT                           -- of a restored correction: what exports call it
);
CREATE UNIQUE INDEX corrections_uid ON corrections (collection_id, uid) WHERE uid IS NOT NULL;
CREATE INDEX corrections_collection ON corrections (collection_id, id);
CREATE INDEX corrections_article ON corrections (article_id);

-- Articles that somebody had forgotten: each in a collection of its own, where no chat looks, with its claims and with
-- whom it alone names; for a day it can come back, then it is erased.
CREATE TABLE forgotten (
    article_id INTEGER PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    collection_id INTEGER NOT NULL REFERENCES collections (id), -- where it comes from
    forgotten_at TEXT NOT NULL,
    mentions TEXT NOT NULL             -- JSON: whom it names where
);
CREATE INDEX forgotten_at ON forgotten (forgotten_at);

-- What our messages were about, and which claims they told.
CREATE TABLE told (
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    message_id INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    thread_id INTEGER,
    topic TEXT NOT NULL,               -- JSON: what it is about
    PRIMARY KEY (chat_id, message_id)
) WITHOUT ROWID;
CREATE INDEX told_at ON told (told_at);

CREATE TABLE told_claims (
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    chat_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (claim_id, chat_id, message_id),
    FOREIGN KEY (chat_id, message_id) REFERENCES told (chat_id, message_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX told_claims_message ON told_claims (chat_id, message_id);

-- ----------------------------------------------------------------- digests

-- Each digest that a chat has wished for: when, where and what.
CREATE TABLE "subscriptions" (
    id INTEGER PRIMARY KEY,
    chat_id INTEGER NOT NULL REFERENCES chats (id), -- who set it up and whose articles it tells
    target_id INTEGER NOT NULL REFERENCES chats (id), -- where it goes: there, or to a channel
    thread_id INTEGER NOT NULL,        -- 0 is a chat without topics
    owner_id INTEGER NOT NULL,         -- the user who set it up; 0 where that is not known
    times TEXT NOT NULL,               -- JSON: ["08:00", "18:00"]
    days TEXT NOT NULL,                -- JSON: ISO days of the week, Monday is 1
    timezone TEXT NOT NULL,            -- IANA name
    filters TEXT NOT NULL,             -- JSON: what it is limited to (domain/subscriptions.py); {} is not limited
    when_empty TEXT NOT NULL,          -- line, silence
    state TEXT NOT NULL,               -- active, paused, ended
    reason TEXT,                       -- why it ended, where nobody here did that
    next_run TEXT NOT NULL,
    created_at TEXT NOT NULL,          -- when it was last begun
    pictures INTEGER NOT NULL DEFAULT 1 -- whether a picture of its people may follow a digest
);
CREATE INDEX subscriptions_due ON subscriptions (state, next_run);
CREATE INDEX subscriptions_chat ON subscriptions (chat_id);
CREATE INDEX subscriptions_target ON subscriptions (target_id);

-- One digest of one time of a local date; it tells what came in from since up to until.
CREATE TABLE "deliveries" (
    id INTEGER PRIMARY KEY,
    subscription_id INTEGER NOT NULL REFERENCES "subscriptions" (id) ON DELETE CASCADE,
    local_date TEXT NOT NULL,          -- 2026-03-12
    local_time TEXT NOT NULL,          -- 08:00
    due TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT NOT NULL,
    state TEXT NOT NULL,               -- planned, sending, sent, failed, uncertain, missed
    reason TEXT,                       -- why it is not sent (domain/sending.py)
    attempts INTEGER NOT NULL DEFAULT 0, -- how many calls of Telegram it has taken
    changed_at TEXT,                   -- when it came into its state
    UNIQUE (subscription_id, local_date, local_time)
);
CREATE INDEX deliveries_state ON deliveries (state);
CREATE INDEX deliveries_due ON deliveries (due);

-- The messages by which a digest went out, in order from 0.
CREATE TABLE delivery_messages (
    delivery_id INTEGER NOT NULL REFERENCES "deliveries" (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    PRIMARY KEY (delivery_id, part)
) WITHOUT ROWID;

-- What of a digest of several messages is still to be sent; goes when it is.
CREATE TABLE delivery_parts (
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    reply TEXT NOT NULL,               -- JSON: HTML and buttons
    PRIMARY KEY (delivery_id, part)
) WITHOUT ROWID;

-- What digests have told, and how it stood then: nobody is told it again unless it has changed since.
CREATE TABLE digested (
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    told_as INTEGER NOT NULL,          -- the claim whose words were shown: it, or one that it repeats
    told_at TEXT NOT NULL,
    factuality TEXT NOT NULL,
    origins INTEGER NOT NULL,          -- how many independent ones reported it
    denials INTEGER NOT NULL,          -- how many claims denied or contradicted it for sure
    words INTEGER NOT NULL,            -- a checksum of who says what
    PRIMARY KEY (subscription_id, claim_id)
) WITHOUT ROWID;
CREATE INDEX digested_claim ON digested (claim_id);
CREATE INDEX digested_told ON digested (subscription_id, told_at);

-- ----------------------------------------------------------------- watches

-- Whom a chat wants to hear of at once.
CREATE TABLE watches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_id INTEGER NOT NULL REFERENCES chats (id),
    thread_id INTEGER NOT NULL,        -- 0 is a chat without topics
    owner_id INTEGER NOT NULL,         -- Telegram's number of the user who wished for it; 0 where it is not known
    name TEXT NOT NULL,                -- as the person is called, or was written where nobody is called so yet
    person_id INTEGER REFERENCES persons (id) ON DELETE SET NULL, -- whoever that row is shown by is watched
    created_at TEXT NOT NULL
);
CREATE INDEX watches_chat ON watches (chat_id);
CREATE INDEX watches_person ON watches (person_id);

-- Each article that named somebody watched is told once.
CREATE TABLE alerts (
    watch_id INTEGER NOT NULL REFERENCES watches (id) ON DELETE CASCADE,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    state TEXT NOT NULL,               -- waiting, sending, told
    PRIMARY KEY (watch_id, article_id)
) WITHOUT ROWID;
CREATE INDEX alerts_article ON alerts (article_id);
CREATE INDEX alerts_open ON alerts (watch_id, article_id) WHERE state <> 'told';

-- When a chat wants to hear of nothing at once: local times of its zone.
CREATE TABLE quiet_times (
    chat_id INTEGER PRIMARY KEY REFERENCES chats (id),
    begins TEXT NOT NULL,
    ends TEXT NOT NULL
);

-- ----------------------------------------------------------------- work and upkeep

-- The durable queue.
CREATE TABLE jobs (
    id INTEGER PRIMARY KEY,            -- the order in which jobs of a lane run
    bot INTEGER NOT NULL,              -- whose queue it is
    kind TEXT NOT NULL,                -- update, extract, send, digest, and others (domain/jobs.py)
    key TEXT NOT NULL UNIQUE,          -- names the effect, which happens once as long as the key is remembered
    lane TEXT,                         -- jobs of one lane run one at a time
    priority INTEGER NOT NULL,         -- the smaller goes first
    state TEXT NOT NULL,               -- ready, running, done, failed
    created_at TEXT NOT NULL,
    run_at TEXT NOT NULL,
    payload TEXT NOT NULL,             -- JSON, forgotten when the job is done
    attempts INTEGER NOT NULL DEFAULT 0,
    reason TEXT,                       -- why it waits or failed
    ended_at TEXT,
    owner INTEGER NOT NULL DEFAULT 0,  -- the user or chat it is done for; 0 is nobody
    turn INTEGER NOT NULL DEFAULT 0,   -- among jobs of one kind and priority, the smaller goes first
    is_head INTEGER NOT NULL DEFAULT 1, -- nothing in its lane has to end before it
    deaths INTEGER NOT NULL DEFAULT 0  -- how often a process has died with it in hand
);
CREATE INDEX jobs_open ON jobs (bot, kind, state, is_head, priority, turn, id, run_at);
CREATE INDEX jobs_lane ON jobs (lane, state, id);
CREATE INDEX jobs_ended ON jobs (ended_at);
CREATE INDEX jobs_owner ON jobs (bot, kind, owner, turn);
CREATE TRIGGER jobs_next_head AFTER UPDATE OF state ON jobs WHEN NEW.state IN ('done', 'failed')
BEGIN
    UPDATE jobs SET is_head = 1 WHERE id = (SELECT MIN(id) FROM jobs WHERE lane = NEW.lane AND state = 'ready');
END;
CREATE TRIGGER jobs_next_head_of_none AFTER DELETE ON jobs WHEN OLD.is_head AND OLD.state IN ('ready', 'running')
BEGIN
    UPDATE jobs SET is_head = 1 WHERE id = (SELECT MIN(id) FROM jobs WHERE lane = OLD.lane AND state = 'ready');
END;

-- The turn of the job that was handed out last, or of a later one.
CREATE TABLE turns (
    bot INTEGER NOT NULL,
    kind TEXT NOT NULL,
    turn INTEGER NOT NULL,
    PRIMARY KEY (bot, kind)
) WITHOUT ROWID;

-- ------------------------------------------------------------------ limits

-- How much users and chats have asked of the bot within a minute and a day.
CREATE TABLE used (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,          -- 0 where it counts for the user, in all chats
    user_id INTEGER NOT NULL,          -- 0 where it counts for the chat, by all users
    what TEXT NOT NULL,                -- article, link, file, question, tap
    span TEXT NOT NULL,                -- minute, day
    began_at TEXT NOT NULL,            -- a span begins with the first after the one before
    count INTEGER NOT NULL,
    PRIMARY KEY (bot, chat_id, user_id, what, span)
) WITHOUT ROWID;
CREATE INDEX used_since ON used (began_at);

-- When somebody was last told, in a chat, that it was too much of what.
CREATE TABLE held_back (
    bot INTEGER NOT NULL,
    chat_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    what TEXT NOT NULL,                -- article, link, file, question (domain/limits.py)
    told_at TEXT NOT NULL,
    PRIMARY KEY (bot, chat_id, user_id, what)
) WITHOUT ROWID;

-- Numbers may be given again, and a job whose key is remembered is not done again: with a row, the keys that have its
-- number go.
CREATE TRIGGER articles_job_keys AFTER DELETE ON articles BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND (
        (key > 'extract:' || old.id || ':' AND key < 'extract:' || old.id || ';')
        OR (key > 'relate:' || old.id || ':' AND key < 'relate:' || old.id || ';')
        OR (key > 'card:' || old.id || ':' AND key < 'card:' || old.id || ';')
    );
END;
CREATE TRIGGER batches_job_keys AFTER DELETE ON batches BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key > 'batch:' || old.id || ':' AND key < 'batch:' || old.id || ';';
END;
CREATE TRIGGER deliveries_job_keys AFTER DELETE ON deliveries BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key IN ('digest:' || old.id, 'picture:' || old.id);
END;
CREATE TRIGGER doubts_job_keys AFTER DELETE ON doubts BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key = 'doubt:' || old.id;
END;
CREATE TRIGGER alerts_job_keys AFTER DELETE ON alerts BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key = 'watch:' || old.watch_id || ':' || old.article_id;
END;

-- Which of the numbered steps this file has been through.
CREATE TABLE schema_steps (
    number INTEGER PRIMARY KEY,
    applied_at TEXT NOT NULL
);
