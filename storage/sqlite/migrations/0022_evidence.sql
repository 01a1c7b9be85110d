-- What led to a doubt, or to a judgement of the machine's, was kept as sentences; it is kept as kinds with their values.
-- Sentences that were never among these tell nothing any more.
CREATE TABLE evidence_codes AS
SELECT sentence, CASE
    WHEN sentence = 'the same full name' THEN '{"kind": "name_full"}'
    WHEN sentence = 'the same name, more of it written out' THEN '{"kind": "name_extended"}'
    WHEN sentence = 'nearly the same name' THEN '{"kind": "name_near"}'
    WHEN sentence = 'half of a double surname' THEN '{"kind": "name_married"}'
    WHEN sentence = 'the same surname and initial' THEN '{"kind": "name_initials"}'
    WHEN sentence = 'the same single name' THEN '{"kind": "name_single"}'
    WHEN sentence = 'the same surname, and no given name' THEN '{"kind": "name_surname"}'
    WHEN sentence = 'the same given name, and no surname' THEN '{"kind": "name_given"}'
    WHEN sentence = 'other names' THEN '{"kind": "name_none"}'
    WHEN sentence = 'a given name more, or a surname' THEN '{"kind": "middle_name"}'
    WHEN sentence = 'two initials' THEN '{"kind": "initials"}'
    WHEN sentence = 'nobody else bears the surname' THEN '{"kind": "only_bearer"}'
    WHEN sentence = 'another person may be meant as well' THEN '{"kind": "namesakes", "count": 1}'
    WHEN sentence LIKE '% other persons may be meant as well'
        THEN json_object('kind', 'namesakes', 'count', CAST(sentence AS INTEGER))
    WHEN sentence = 'little but half a name in common' THEN '{"kind": "half"}'
    WHEN sentence = 'little but the name in common' THEN '{"kind": "little"}'
    WHEN sentence = 'little is told but the name' THEN '{"kind": "untold"}'
    WHEN sentence LIKE 'in both “%” or much like it'
        THEN json_object('kind', 'role_word', 'role', substr(sentence, 10, length(sentence) - 26))
    WHEN sentence = 'and in the same place' THEN '{"kind": "role_and_place"}'
    WHEN sentence LIKE 'in both much like “%”'
        THEN json_object('kind', 'role_general', 'role', substr(sentence, 20, length(sentence) - 20))
    WHEN sentence = 'roles in the same place' THEN '{"kind": "role_place"}'
    WHEN sentence LIKE 'here “%”, there “%”' THEN json_object(
        'kind', 'role_other',
        'here', substr(sentence, 7, instr(sentence, '”, there “') - 7),
        'there', substr(sentence, instr(sentence, '”, there “') + 10,
            length(sentence) - instr(sentence, '”, there “') - 10)
    )
    WHEN sentence LIKE 'here %, there %' THEN json_object(
        'kind', 'field_far_by_topic',
        'here', substr(sentence, 6, instr(sentence, ', there ') - 6),
        'there', substr(sentence, instr(sentence, ', there ') + 8)
    )
    WHEN sentence = 'told as of somebody unheard of' THEN '{"kind": "unheard_of"}'
    WHEN sentence = 'told as of somebody unheard of before' THEN '{"kind": "unheard_of", "before": 1}'
    WHEN sentence LIKE 'both of one field: %' THEN json_object('kind', 'field_by_topic', 'field', substr(sentence, 20))
    WHEN sentence LIKE 'named together with % in both'
        THEN json_object('kind', 'fellows', 'names', json_array(substr(sentence, 21, length(sentence) - 28)))
    WHEN sentence LIKE '% places or names of things in both'
        THEN json_object('kind', 'places', 'count', CAST(sentence AS INTEGER))
    WHEN sentence = 'the article is about another place' THEN '{"kind": "elsewhere"}'
    WHEN sentence = 'of the same age' THEN '{"kind": "same_age"}'
    WHEN sentence LIKE '% years between their ages'
        THEN json_object('kind', 'other_age', 'count', CAST(sentence AS INTEGER))
    WHEN sentence = 'a woman here, a man there' THEN '{"kind": "other_gender"}'
    WHEN sentence = 'told as somebody''s relative' THEN '{"kind": "kin"}'
    WHEN sentence = 'the same publisher' THEN '{"kind": "publisher"}'
    WHEN sentence LIKE '% years between the articles'
        THEN json_object('kind', 'years', 'count', CAST(sentence AS INTEGER))
    WHEN sentence = 'so part of this speaks against it' THEN '{"kind": "caution"}'
END AS code
FROM (
    SELECT each.value AS sentence FROM doubts, json_each(doubts.evidence) AS each
    UNION
    SELECT each.value FROM corrections, json_each(corrections.corrected, '$.evidence') AS each
);
CREATE UNIQUE INDEX evidence_codes_sentence ON evidence_codes (sentence);
UPDATE doubts SET evidence = (
    SELECT json_group_array(json(code)) FROM (
        SELECT c.code FROM json_each(doubts.evidence) AS each JOIN evidence_codes c ON c.sentence = each.value
        WHERE c.code IS NOT NULL ORDER BY each.key
    )
);
UPDATE corrections SET corrected = json_set(corrected, '$.evidence', (
    SELECT json_group_array(json(code)) FROM (
        SELECT c.code FROM json_each(corrections.corrected, '$.evidence') AS each
        JOIN evidence_codes c ON c.sentence = each.value
        WHERE c.code IS NOT NULL ORDER BY each.key
    )
))
WHERE json_type(corrected, '$.evidence') = 'array';
DROP TABLE evidence_codes;
