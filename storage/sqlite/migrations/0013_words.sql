-- Which words the claims have: a beginning that very many of them share is not looked for.
CREATE VIRTUAL TABLE claims_words USING fts5vocab (claims_search, instance);
