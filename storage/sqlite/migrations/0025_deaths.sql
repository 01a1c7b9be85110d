-- How often a process has died with a job in hand: that says less of the job than that it has failed.
ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0;
