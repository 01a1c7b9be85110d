-- Which words articles have: half a word is looked for by those that begin so.
CREATE VIRTUAL TABLE articles_words USING fts5vocab (articles_search, instance);
