-- A picture of its people follows a digest, unless it is not wanted.
ALTER TABLE subscriptions ADD COLUMN pictures BIGINT NOT NULL DEFAULT 1;
