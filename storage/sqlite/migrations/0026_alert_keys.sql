-- With an alert, the key of its job goes, too: an article that gets its number is told of anew.
CREATE TRIGGER alerts_job_keys AFTER DELETE ON alerts BEGIN
    DELETE FROM jobs WHERE state <> 'running' AND key = 'watch:' || old.watch_id || ':' || old.article_id;
END;
