-- Digests have workers of their own; the parts of one that are still to be sent; how often it was tried, and when last.
ALTER TABLE deliveries ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN changed_at TEXT;
CREATE TABLE delivery_parts (
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    part INTEGER NOT NULL,
    reply TEXT NOT NULL,
    PRIMARY KEY (delivery_id, part)
) WITHOUT ROWID;
CREATE INDEX deliveries_due ON deliveries (due);
UPDATE jobs SET kind = 'digest' WHERE kind = 'send' AND key LIKE 'digest:%';
