-- Which words articles have: half a word is looked for by those that begin so.
CREATE VIRTUAL TABLE articles_words USING fts5vocab (articles_search, instance);

-- What an article is about stands in the index whole: no look into the table for each of its keys.
DROP INDEX story_keys_article;
CREATE INDEX story_keys_article ON story_keys (article_id, weight);
