"""Articles that are to be forgotten: at first out of sight, and later for good.

An article out of sight is in a collection of its own, which no chat has, together with its claims and with the persons
whom it alone names. So every query that is limited to a chat's collection passes it by.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from domain.chats import CollectionId
from storage import persons, reprints, told
from storage.connection import Reader, Writer
from storage.values import from_text, normalise, to_text, trigrams

# What a person's row takes with it from one collection to another.
_PERSON_TABLES = (
    ("persons", "id"),
    ("person_names", "person_id"),
    ("name_words", "person_id"),
    ("name_keys", "person_id"),
)
# Of a person's row `p`: nothing that is in sight names them under it; nor does anything under the rows that are them.
_UNNAMED = """NOT EXISTS (SELECT 1 FROM mentions m WHERE m.person_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM claim_persons cp WHERE cp.person_id = p.id)"""
_NOBODYS = f"""NOT EXISTS (
    SELECT 1 FROM persons who JOIN persons p ON p.canonical_id = who.canonical_id
    WHERE who.id = :person AND NOT ({_UNNAMED})
)"""


async def hide(db: Writer, collection: CollectionId, article: int, now: datetime) -> None:
    """Put an article of the collection out of sight."""
    await reprints.withdraw(db, article)
    mentions = await db.all(
        'SELECT start, "end", person_id, text FROM mentions WHERE article_id = :article', article=article
    )
    sources = await db.all(
        "SELECT DISTINCT person_id FROM claim_persons WHERE claim_id IN (SELECT id FROM claims WHERE article_id = :a)",
        a=article,
    )
    for table in ("mentions", "roles", "doubts", "story_articles", "story_keys"):
        await db.run(f"DELETE FROM {table} WHERE article_id = :article", article=article)
    await db.run(
        "DELETE FROM claim_persons WHERE claim_id IN (SELECT id FROM claims WHERE article_id = :article)",
        article=article,
    )
    row = await db.one("INSERT INTO collections (created_at) VALUES (:now) RETURNING id", now=to_text(now))
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    own = CollectionId(row["id"])
    await _move(db, article, own)
    for person in sorted({row["person_id"] for row in (*mentions, *sources)}):
        if await db.one(f"SELECT 1 FROM persons WHERE id = :person AND {_NOBODYS}", person=person):
            await _move_person(db, person, own)
        else:
            await forget_unused(db, collection, [person])
            texts = [each["text"] for each in mentions if each["person_id"] == person]
            await _forget_spellings(db, collection, person, texts)
    await db.run(
        """INSERT INTO forgotten (article_id, collection_id, forgotten_at, mentions)
        VALUES (:article, :collection, :now, :mentions)""",
        article=article,
        collection=collection,
        now=to_text(now),
        mentions=json.dumps([list(row.values()) for row in mentions], ensure_ascii=False),
    )


async def neighbours(db: Reader, article: int) -> Sequence[int]:
    """Return the articles that may show something of this one: by a tie of claims, a story, or as a reprint."""
    rows = await db.all(
        """SELECT o.article_id FROM claims cl JOIN claim_relations cr ON cr.claim_id = cl.id
            JOIN claims o ON o.id = cr.other_id WHERE cl.article_id = :article
        UNION SELECT o.article_id FROM claims cl JOIN claim_relations cr ON cr.other_id = cl.id
            JOIN claims o ON o.id = cr.claim_id WHERE cl.article_id = :article
        UNION SELECT o.article_id FROM story_articles s JOIN story_articles o ON o.story_id = s.story_id
            WHERE s.article_id = :article
        UNION SELECT r.article_id FROM reprints r WHERE r.reprint_of = :article
        UNION SELECT r.reprint_of FROM reprints r WHERE r.article_id = :article""",
        article=article,
    )
    return [row["article_id"] for row in rows if row["article_id"] != article]


async def restore(db: Writer, collection: CollectionId, article: int) -> bool:
    """Bring a forgotten article back, to be read again; False where its text has come once more since."""
    row = await db.one(
        """SELECT f.mentions, a.collection_id AS own, EXISTS (
            SELECT 1 FROM articles o WHERE o.collection_id = f.collection_id AND o.content_hash = a.content_hash
        ) AS again
        FROM forgotten f JOIN articles a ON a.id = f.article_id
        WHERE f.article_id = :article AND f.collection_id = :collection""",
        article=article,
        collection=collection,
    )
    if row is None or row["again"]:
        return False
    await _move(db, article, collection)
    named = json.loads(row["mentions"])
    # Somebody whom another forgotten article names, too, went out of sight with the last of them.
    for person in sorted({*await _persons_in(db, row["own"]), *await _named_in(db, article, named)}):
        await _move_person(db, person, collection)
    await db.run_many(
        """INSERT INTO mentions (article_id, start, "end", person_id, text)
        SELECT :article, :start, :end, :person, :text WHERE EXISTS (SELECT 1 FROM persons WHERE id = :person)""",
        [
            {"article": article, "start": start, "end": end, "person": person, "text": text}
            for start, end, person, text in named
        ],
    )
    await db.run("DELETE FROM forgotten WHERE article_id = :article", article=article)
    await db.run("DELETE FROM collections WHERE id = :own", own=row["own"])
    return True


async def due(db: Reader, before: datetime) -> Sequence[int]:
    """Return the articles that were forgotten before a moment, in that order."""
    rows = await db.all(
        "SELECT article_id FROM forgotten WHERE forgotten_at < :before ORDER BY forgotten_at, article_id",
        before=to_text(before),
    )
    return [row["article_id"] for row in rows]


async def since(db: Reader, article: int) -> datetime | None:
    """Return when an article was forgotten, if it was."""
    row = await db.one("SELECT forgotten_at FROM forgotten WHERE article_id = :article", article=article)
    return from_text(row["forgotten_at"]) if row else None


async def erase(db: Writer, article: int) -> None:
    """Delete a forgotten article for good, with all that refers to it and the persons whom it alone named."""
    row = await db.one(
        """SELECT f.collection_id, a.collection_id AS own FROM forgotten f JOIN articles a ON a.id = f.article_id
        WHERE f.article_id = :article""",
        article=article,
    )
    if row is None:
        return
    for person, elsewhere in await _needed(db, row["own"], article):
        await _move_person(db, person, elsewhere)
    unnamed = await _persons_in(db, row["own"])
    await _forget_judgements(db, row["collection_id"], article, set(unnamed))
    await told.forget_about(db, row["collection_id"], article, unnamed)
    await db.run("DELETE FROM articles WHERE id = :article", article=article)
    words = await db.all("SELECT DISTINCT word FROM name_words WHERE collection_id = :own", own=row["own"])
    await db.run("DELETE FROM persons WHERE collection_id = :own", own=row["own"])
    await _forget_pieces(db, row["collection_id"], [each["word"] for each in words])
    await db.run("DELETE FROM collections WHERE id = :own", own=row["own"])


async def forget_unused(db: Writer, collection: CollectionId, persons: Iterable[int]) -> None:
    """Forget the names of rows under which nothing names anybody any more; whoever is named again is found again.

    Where such a row is one of several that are one person, it is called as another one of them is.
    """
    for person in persons:
        if not await db.one(f"SELECT 1 FROM persons p WHERE p.id = :person AND {_UNNAMED}", person=person):
            continue
        words = await db.all("SELECT word FROM name_words WHERE person_id = :person", person=person)
        for table, column in _PERSON_TABLES[1:]:
            await db.run(f"DELETE FROM {table} WHERE {column} = :person", person=person)
        await _forget_pieces(db, collection, [each["word"] for each in words])
        await db.run(
            f"""UPDATE persons SET name = COALESCE((
                SELECT p.name FROM persons p WHERE p.canonical_id = persons.canonical_id AND NOT ({_UNNAMED})
                ORDER BY LENGTH(p.name) DESC, p.id LIMIT 1
            ), name) WHERE id = :person""",
            person=person,
        )


async def _forget_spellings(db: Writer, collection: CollectionId, person: int, gone: Iterable[str]) -> None:
    """Forget the names of a row that have a word of mentions that are gone, and which no mention that is left has.

    Another article may have given the same name from a word with another ending: such a word counts as the same.
    """
    rows = await db.all("SELECT DISTINCT text FROM mentions WHERE person_id = :person", person=person)
    texts = [row["text"] for row in rows]
    left = {word for text in texts for word in normalise(text).split()}
    words = {word for text in gone for word in normalise(text).split()}
    lost = {word for word in words if not any(each.startswith(word[: max(3, len(word) - 2)]) for each in left)}
    called = await db.all(
        """SELECT name FROM person_names WHERE person_id = :person
        UNION SELECT name FROM persons WHERE id = :person""",
        person=person,
    )
    names = [row["name"] for row in called if not lost & {*normalise(row["name"]).split()}]
    if not texts or len(names) == len(called):
        return
    for table, column in _PERSON_TABLES[1:]:
        await db.run(f"DELETE FROM {table} WHERE {column} = :person", person=person)
    await persons.add_names(db, collection, person, names or texts)
    await _forget_pieces(db, collection, sorted(lost))
    await db.run(
        """UPDATE persons SET name = :fullest WHERE id = :person AND name NOT IN (
            SELECT name FROM person_names WHERE person_id = :person
        )""",
        fullest=max(names or texts, key=lambda name: (len(name.split()), len(name))),
        person=person,
    )


async def _forget_judgements(db: Writer, collection: CollectionId, article: int, persons: Collection[int]) -> None:
    """Forget what people said of an article's claims and of persons: of such corrections there are few."""
    rows = await db.all(
        "SELECT id, said FROM corrections WHERE collection_id = :collection AND article_id IS NULL",
        collection=collection,
    )
    for row in rows:
        said = json.loads(row["said"])
        of_it = any(claim["article"] == article for claim in said.get("claims", ()))
        if of_it or any(person["id"] in persons for person in said.get("persons", ())):
            await db.run("DELETE FROM claim_relations WHERE correction_id = :correction", correction=row["id"])
            await db.run("DELETE FROM corrections WHERE id = :correction", correction=row["id"])


async def _move(db: Writer, article: int, collection: CollectionId) -> None:
    for table, column in (("articles", "id"), ("claims", "article_id")):
        await db.run(
            f"UPDATE {table} SET collection_id = :collection WHERE {column} = :article",
            article=article,
            collection=collection,
        )


async def _move_person(db: Writer, person: int, collection: CollectionId) -> None:
    """Move all rows that are this person."""
    for table, column in _PERSON_TABLES:
        await db.run(
            f"""UPDATE {table} SET collection_id = :collection WHERE {column} IN (
                SELECT id FROM persons WHERE canonical_id = (SELECT canonical_id FROM persons WHERE id = :person)
            )""",
            person=person,
            collection=collection,
        )


async def _named_in(db: Reader, article: int, mentions: Sequence[Sequence[Any]]) -> set[int]:
    """Return the rows, with all that are the same persons, that a forgotten article needs again."""
    rows = await db.all(
        """SELECT source_person_id AS person_id FROM claims
        WHERE article_id = :article AND source_person_id IS NOT NULL
        UNION SELECT person_id FROM pinned_persons WHERE article_id = :article""",
        article=article,
    )
    found = set()
    for person in sorted({*(row["person_id"] for row in rows), *(person for _, _, person, _ in mentions)}):
        same = await db.all(
            "SELECT id FROM persons WHERE canonical_id = (SELECT canonical_id FROM persons WHERE id = :person)",
            person=person,
        )
        found |= {row["id"] for row in same}
    return found


async def _needed(db: Reader, own: int, article: int) -> Sequence[tuple[int, CollectionId]]:
    """Return the persons of a collection of its own whom something else yet names, each with where that is."""
    rows = await db.all(
        """SELECT n.id, MIN(a.collection_id) AS elsewhere FROM (
            SELECT p.id, m.article_id FROM persons p JOIN mentions m ON m.person_id = p.id WHERE p.collection_id = :own
            UNION SELECT p.id, cl.article_id FROM persons p JOIN claims cl ON cl.source_person_id = p.id
                WHERE p.collection_id = :own
            UNION SELECT p.id, cl.article_id FROM persons p JOIN claim_persons cp ON cp.person_id = p.id
                JOIN claims cl ON cl.id = cp.claim_id WHERE p.collection_id = :own
        ) n JOIN articles a ON a.id = n.article_id WHERE n.article_id <> :article GROUP BY n.id""",
        own=own,
        article=article,
    )
    return [(row["id"], row["elsewhere"]) for row in rows]


async def _persons_in(db: Reader, collection: CollectionId) -> Sequence[int]:
    rows = await db.all("SELECT id FROM persons WHERE collection_id = :collection", collection=collection)
    return [row["id"] for row in rows]


async def _forget_pieces(db: Writer, collection: CollectionId, words: Sequence[str]) -> None:
    """Forget the three-letter pieces of words that are in nobody's name any more."""
    await db.run_many(
        """DELETE FROM word_trigrams WHERE collection_id = :collection AND trigram = :trigram AND word = :word
            AND NOT EXISTS (SELECT 1 FROM name_words w WHERE w.collection_id = :collection AND w.word = :word)""",
        [{"collection": collection, "trigram": piece, "word": word} for word in words for piece in trigrams(word)],
    )
