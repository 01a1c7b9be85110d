-- A picture of its people follows a digest, unless it is not wanted; with a delivery, its picture's job goes.
ALTER TABLE subscriptions ADD COLUMN pictures INTEGER NOT NULL DEFAULT 1;
DROP TRIGGER deliveries_job_keys;
CREATE TRIGGER deliveries_job_keys AFTER DELETE ON deliveries BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key IN ('digest:' || old.id, 'picture:' || old.id);
END;
