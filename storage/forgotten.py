"""Articles that are to be forgotten: at first out of sight, and later for good.

An article out of sight is in a collection of its own, which no chat has, together with its claims and with the persons
whom it alone names. So every query that is limited to a chat's collection passes it by.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from storage import reprints
from storage.connection import Reader, Writer
from storage.values import from_text, to_text, trigrams

# What a person's row takes with it from one collection to another.
_PERSON_TABLES = (
    ("persons", "id"),
    ("person_names", "person_id"),
    ("name_words", "person_id"),
    ("name_keys", "person_id"),
)
# Of a person `p`: nothing that is in sight names them, and nobody else is the same person.
_NOBODYS = """NOT EXISTS (SELECT 1 FROM mentions m WHERE m.person_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM claim_persons cp WHERE cp.person_id = p.id)
    AND NOT EXISTS (SELECT 1 FROM persons o WHERE o.canonical_id = p.id AND o.id <> p.id)
    AND p.canonical_id = p.id"""


async def hide(db: Writer, collection: int, article: int, now: datetime) -> None:
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
    own = int(row["id"])
    await _move(db, article, own)
    for person in sorted({row["person_id"] for row in (*mentions, *sources)}):
        if await db.one(f"SELECT 1 FROM persons p WHERE p.id = :person AND {_NOBODYS}", person=person):
            await _move_person(db, person, own)
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


async def restore(db: Writer, collection: int, article: int) -> bool:
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
    for person in await _persons_in(db, row["own"]):
        await _move_person(db, person, collection)
    await db.run_many(
        """INSERT INTO mentions (article_id, start, "end", person_id, text)
        SELECT :article, :start, :end, :person, :text WHERE EXISTS (SELECT 1 FROM persons WHERE id = :person)""",
        [
            {"article": article, "start": start, "end": end, "person": person, "text": text}
            for start, end, person, text in json.loads(row["mentions"])
        ],
    )
    await db.run("DELETE FROM forgotten WHERE article_id = :article", article=article)
    await db.run("DELETE FROM collections WHERE id = :own", own=row["own"])
    return True


async def due(db: Reader, before: datetime) -> Sequence[int]:
    """Return the articles that were forgotten before a moment."""
    rows = await db.all("SELECT article_id FROM forgotten WHERE forgotten_at < :before", before=to_text(before))
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
    await _forget_judgements(db, row["collection_id"], article, set(await _persons_in(db, row["own"])))
    await db.run("DELETE FROM articles WHERE id = :article", article=article)
    words = await db.all("SELECT DISTINCT word FROM name_words WHERE collection_id = :own", own=row["own"])
    await db.run("DELETE FROM persons WHERE collection_id = :own", own=row["own"])
    await _forget_pieces(db, row["collection_id"], [each["word"] for each in words])
    await db.run("DELETE FROM collections WHERE id = :own", own=row["own"])


async def forget_unused(db: Writer, collection: int, persons: Iterable[int]) -> None:
    """Forget the names of those whom nothing names any more; whoever is named again later is found again."""
    for person in persons:
        if not await db.one(f"SELECT 1 FROM persons p WHERE p.id = :person AND {_NOBODYS}", person=person):
            continue
        words = await db.all("SELECT word FROM name_words WHERE person_id = :person", person=person)
        for table, column in _PERSON_TABLES[1:]:
            await db.run(f"DELETE FROM {table} WHERE {column} = :person", person=person)
        await _forget_pieces(db, collection, [each["word"] for each in words])


async def _forget_judgements(db: Writer, collection: int, article: int, persons: Collection[int]) -> None:
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


async def _move(db: Writer, article: int, collection: int) -> None:
    for table, column in (("articles", "id"), ("claims", "article_id")):
        await db.run(
            f"UPDATE {table} SET collection_id = :collection WHERE {column} = :article",
            article=article,
            collection=collection,
        )


async def _move_person(db: Writer, person: int, collection: int) -> None:
    for table, column in _PERSON_TABLES:
        await db.run(
            f"UPDATE {table} SET collection_id = :collection WHERE {column} = :person",
            person=person,
            collection=collection,
        )


async def _persons_in(db: Reader, collection: int) -> Sequence[int]:
    rows = await db.all("SELECT id FROM persons WHERE collection_id = :collection", collection=collection)
    return [row["id"] for row in rows]


async def _forget_pieces(db: Writer, collection: int, words: Sequence[str]) -> None:
    """Forget the three-letter pieces of words that are in nobody's name any more."""
    await db.run_many(
        """DELETE FROM word_trigrams WHERE collection_id = :collection AND trigram = :trigram AND word = :word
            AND NOT EXISTS (SELECT 1 FROM name_words w WHERE w.collection_id = :collection AND w.word = :word)""",
        [{"collection": collection, "trigram": piece, "word": word} for word in words for piece in trigrams(word)],
    )
