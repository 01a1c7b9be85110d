-- What digests have told: nobody is told it again unless it has changed since.
CREATE TABLE digested (
    subscription_id INTEGER NOT NULL REFERENCES subscriptions (id) ON DELETE CASCADE,
    claim_id INTEGER NOT NULL REFERENCES claims (id) ON DELETE CASCADE,
    told_as INTEGER NOT NULL,
    told_at TEXT NOT NULL,
    factuality TEXT NOT NULL,
    origins INTEGER NOT NULL,
    denials INTEGER NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (subscription_id, claim_id)
) WITHOUT ROWID;
CREATE INDEX digested_claim ON digested (claim_id);
CREATE INDEX digested_told ON digested (subscription_id, told_at);
