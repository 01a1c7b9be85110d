-- How long a collection keeps its articles; whose messages brought which, to find what somebody wants erased.
ALTER TABLE collections ADD COLUMN kept_days INTEGER;
CREATE INDEX articles_received ON articles (collection_id, received_at);
CREATE INDEX forwards_sender ON forwards (sender_id);
