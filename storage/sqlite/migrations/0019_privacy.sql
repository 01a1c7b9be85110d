-- How long a collection keeps its articles; whose messages brought which, to find what somebody wants erased.
ALTER TABLE collections ADD COLUMN kept_days INTEGER;
CREATE INDEX articles_received ON articles (collection_id, received_at);
CREATE INDEX forwards_sender ON forwards (sender_id);
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
    DELETE FROM jobs WHERE state <> 'running' AND key = 'digest:' || old.id;
END;
CREATE TRIGGER doubts_job_keys AFTER DELETE ON doubts BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key = 'doubt:' || old.id;
END;
