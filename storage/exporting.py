"""A collection's rows for an export, page by page, so that its size does not matter."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any

from domain.chats import CollectionId
from storage.connection import Database, Reader, Row, Writer
from storage.values import to_text

PAGE = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """Which articles are exported: those of a collection up to a number, and for which ``conditions`` hold.

    Conditions are of an article ``a``, with ``parameters`` of their own. ``hidden`` are the rows by which persons are
    shown whom only forgotten articles name.
    """

    collection: CollectionId
    last: int
    conditions: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    hidden: tuple[int, ...] = ()

    @property
    def articles(self) -> str:
        """The condition on an article ``a``."""
        return " AND ".join(("a.collection_id = :collection AND a.id <= :last", *self.conditions))

    @property
    def persons(self) -> str:
        """The condition on a person ``p``: somebody whom an exported article names, or who is the same as one."""
        if not self.conditions:
            seen = f" AND p.canonical_id NOT IN ({_names(self._out_of_sight)})" if self.hidden else ""
            return f"p.collection_id = :collection{seen}"
        return f"""p.collection_id = :collection AND EXISTS (
            SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
            JOIN articles a ON a.id = pa.article_id WHERE same.canonical_id = p.canonical_id AND {self.articles}
        )"""

    @property
    def values(self) -> dict[str, Any]:
        """The values of the conditions' parameters."""
        return {"collection": self.collection, "last": self.last, **self._out_of_sight, **self.parameters}

    @property
    def _out_of_sight(self) -> dict[str, int]:
        return {f"hidden{index}": person for index, person in enumerate(self.hidden)}


def limits(
    collection: CollectionId,
    last: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    language: str | None = None,
    publishers: Sequence[str] | None = None,
    persons: Sequence[int] | None = None,
    hidden: Sequence[int] = (),
) -> Limits:
    """Return what lets articles up to the number ``last`` through: ``until`` is not included, None limits nothing."""
    moments = {name: to_text(moment) for name, moment in (("since", since), ("until", until)) if moment is not None}
    found = {"since": "a.seen_at >= :since", "until": "a.seen_at < :until"}
    conditions = [found[name] for name in moments]
    values: dict[str, Any] = dict(moments)
    if language is not None:
        conditions.append("a.language = :language")
        values["language"] = language
    if publishers is not None:
        named = {f"publisher{index}": publisher for index, publisher in enumerate(publishers)}
        conditions.append(f"a.publisher IN ({_names(named)})")
        values |= named
    if persons is not None:
        members = {f"member{index}": person for index, person in enumerate(persons)}
        who = f"n.person_id IN ({_names(members)})"
        conditions.append(f"EXISTS (SELECT 1 FROM person_articles n WHERE n.article_id = a.id AND {who})")
        values |= members
    return Limits(collection, last, tuple(conditions), values, tuple(hidden))


def _names(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f":{name}" for name in parameters) or "NULL"


async def uid(db: Writer, collection: CollectionId) -> str:
    """Return what the collection's exports are known by; the first one decides."""
    await db.run(
        "UPDATE collections SET uid = :uid WHERE id = :collection AND uid IS NULL",
        collection=collection,
        uid=token_hex(6),
    )
    row = await db.one("SELECT uid FROM collections WHERE id = :collection", collection=collection)
    assert row is not None  # noqa: S101  # a chat has a collection
    return str(row["uid"])


async def is_shared(db: Reader, collection: CollectionId) -> bool:
    """Return whether any chat has the collection; what is forgotten lies in one that none has."""
    return await db.one("SELECT 1 FROM chats WHERE collection_id = :collection", collection=collection) is not None


async def newest(db: Reader) -> int:
    """Return the number of the article that came last."""
    row = await db.one("SELECT COALESCE(MAX(id), 0) AS id FROM articles")
    return int(row["id"]) if row else 0


async def characters(database: Database, limits: Limits) -> int:
    """Return how long the texts of the exported articles are together."""
    async with database.reading() as db:
        row = await db.one(
            f"SELECT COALESCE(SUM(LENGTH(a.body)), 0) AS characters FROM articles a WHERE {limits.articles}",
            **limits.values,
        )
    return int(row["characters"]) if row else 0


async def hidden(db: Reader, collection: CollectionId) -> Sequence[int]:
    """Return the rows by which persons are shown whom only forgotten articles of the collection name."""
    rows = await db.all("SELECT mentions FROM forgotten WHERE collection_id = :collection", collection=collection)
    named = {person for row in rows for _, _, person, *_ in json.loads(row["mentions"])}
    sql = """SELECT DISTINCT p.canonical_id FROM persons p WHERE p.id IN ({}) AND NOT EXISTS (
        SELECT 1 FROM persons same JOIN person_articles pa ON pa.person_id = same.id
        WHERE same.canonical_id = p.canonical_id)"""
    return [row["canonical_id"] for row in await _listed(db, sql, named)]


async def publishers(db: Reader, collection: CollectionId) -> Sequence[str]:
    """Return every spelling of a publisher in the collection."""
    rows = await db.all(
        "SELECT DISTINCT publisher FROM articles WHERE collection_id = :collection AND publisher IS NOT NULL",
        collection=collection,
    )
    return [row["publisher"] for row in rows]


async def persons(database: Database, limits: Limits) -> AsyncIterator[Sequence[Row]]:
    """Yield persons by number, each with the rows of their names as ``person_names`` and, newest first, their roles."""
    titles = f"""SELECT r.person_id, r.job_title FROM roles r JOIN articles a ON a.id = r.article_id
        WHERE r.person_id IN ({{}}) AND {limits.articles} ORDER BY r.seen_at DESC, r.job_title"""

    async def with_names(db: Reader, page: Sequence[Row]) -> Sequence[Row]:
        called = "SELECT * FROM person_names WHERE person_id IN ({}) ORDER BY person_id, normalised"
        names = await _of(db, called, page, "person_id")
        roles = await _of(db, titles, page, "person_id", limits)
        return [{**row, "person_names": names.get(row["id"], []), "roles": roles.get(row["id"], [])} for row in page]

    async for page in _pages(database, f"SELECT p.* FROM persons p WHERE {limits.persons}", "p", limits, with_names):
        yield page


async def articles(database: Database, limits: Limits) -> AsyncIterator[Sequence[Row]]:
    """Yield articles by number, each with its rows of other tables by these tables' names."""

    async def with_parts(db: Reader, page: Sequence[Row]) -> Sequence[Row]:
        parts = {table: await _of(db, sql, page, "article_id") for table, sql in _PARTS.items()}
        return [{**row, **{table: found.get(row["id"], []) for table, found in parts.items()}} for row in page]

    async for page in _pages(database, f"SELECT a.* FROM articles a WHERE {limits.articles}", "a", limits, with_parts):
        yield page


async def corrections(database: Database, limits: Limits) -> AsyncIterator[Sequence[Row]]:
    """Yield corrections by number: those of exported articles, and those of persons and of two claims."""
    sql = f"""SELECT c.*, a.content_hash FROM corrections c LEFT JOIN articles a ON a.id = c.article_id
        WHERE c.collection_id = :collection AND (c.article_id IS NULL OR ({limits.articles}))"""
    async for page in _pages(database, sql, "c", limits):
        yield page


async def judgements(database: Database, limits: Limits) -> AsyncIterator[Sequence[Row]]:
    """Yield judgements on persons, by the numbers of their corrections."""
    sql = """SELECT j.*, c.id, c.uid FROM judgements j JOIN corrections c ON c.id = j.correction_id
        WHERE c.collection_id = :collection"""
    async for page in _pages(database, sql, "c", limits):
        yield page


async def relations(database: Database, limits: Limits) -> AsyncIterator[Sequence[Row]]:
    """Yield relations between claims of exported articles."""
    both = " AND ".join(
        f"""EXISTS (SELECT 1 FROM claims cl JOIN articles a ON a.id = cl.article_id
            WHERE cl.id = r.{end} AND {limits.articles})"""
        for end in ("claim_id", "other_id")
    )
    sql = f"""SELECT r.*, c.uid AS correction_uid FROM claim_relations r
        LEFT JOIN corrections c ON c.id = r.correction_id WHERE r.collection_id = :collection AND {both}"""
    async for page in _pages(database, sql, "r", limits):
        yield page


async def doubts(database: Database, limits: Limits) -> AsyncIterator[Sequence[Row]]:
    """Yield the machine's doubts that exported articles have raised."""
    sql = f"""SELECT d.*, a.content_hash FROM doubts d JOIN articles a ON a.id = d.article_id
        WHERE d.collection_id = :collection AND {limits.articles}"""
    async for page in _pages(database, sql, "d", limits):
        yield page


async def uids(database: Database, persons: Collection[int]) -> Mapping[int, str]:
    """Return what exports call persons who were restored."""
    async with database.reading() as db:
        rows = await _listed(db, "SELECT id, uid FROM persons WHERE id IN ({}) AND uid IS NOT NULL", persons)
    return {row["id"]: row["uid"] for row in rows}


async def exported(database: Database, limits: Limits, numbers: Collection[int]) -> set[int]:
    """Return those of the persons who are exported."""
    async with database.reading() as db:
        rows = await _listed(
            db, f"SELECT p.id FROM persons p WHERE p.id IN ({{}}) AND {limits.persons}", numbers, limits
        )
    return {row["id"] for row in rows}


async def places(database: Database, claims: Collection[int]) -> Mapping[int, Row]:
    """Return what tells a claim from all others, wherever it is kept: its article's text and its place there."""
    sql = f"""SELECT {PLACE}, cl.id, a.content_hash FROM claims cl JOIN articles a ON a.id = cl.article_id
        WHERE cl.id IN ({{}})"""
    async with database.reading() as db:
        return {row["id"]: row for row in await _listed(db, sql, claims)}


async def hashes(database: Database, limits: Limits, articles: Collection[int]) -> Mapping[int, str]:
    """Return the content hashes of those of the articles that are exported."""
    sql = f"SELECT a.id, a.content_hash FROM articles a WHERE a.id IN ({{}}) AND {limits.articles}"
    async with database.reading() as db:
        rows = await _listed(db, sql, articles, limits)
    return {row["id"]: row["content_hash"] for row in rows}


# Of a claim `cl`: where it stands, and how many of its article's claims before it stand in the same place.
PLACE = """cl.spans, cl.source_spans, (SELECT COUNT(*) FROM claims before
    WHERE before.article_id = cl.article_id AND before.id < cl.id AND before.spans = cl.spans
        AND COALESCE(before.source_spans, '') = COALESCE(cl.source_spans, '')) AS same"""
_PARTS = {
    "forwards": """SELECT f.*, c.title, c.username, COALESCE(rc.telegram_id, c.id) AS telegram_id,
        COALESCE(rc.kind, c.kind) AS kind
        FROM forwards f JOIN chats c ON c.id = f.chat_id LEFT JOIN restored_chats rc ON rc.id = c.id
        WHERE f.article_id IN ({}) ORDER BY f.id""",
    "article_versions": "SELECT * FROM article_versions WHERE article_id IN ({}) ORDER BY replaced_at",
    "mentions": "SELECT * FROM mentions WHERE article_id IN ({}) ORDER BY article_id, start",
    "roles": "SELECT * FROM roles WHERE article_id IN ({}) ORDER BY person_id, job_title",
    "pinned_persons": "SELECT * FROM pinned_persons WHERE article_id IN ({}) ORDER BY normalised",
    "fingerprints": "SELECT * FROM fingerprints WHERE article_id IN ({})",
    "origins": "SELECT * FROM origins WHERE article_id IN ({})",
    "reprints": """SELECT r.*, h.content_hash FROM reprints r JOIN articles h ON h.id = r.reprint_of
        WHERE r.article_id IN ({})""",
    "story_articles": """SELECT s.article_id, h.content_hash FROM story_articles s
        JOIN articles h ON h.id = (SELECT MIN(article_id) FROM story_articles WHERE story_id = s.story_id)
        WHERE s.article_id IN ({})""",
    "story_keys": "SELECT article_id, key, weight FROM story_keys WHERE article_id IN ({}) ORDER BY article_id, key",
    "claims": f"SELECT cl.*, {PLACE} FROM claims cl WHERE cl.article_id IN ({{}}) ORDER BY cl.id",
    "claim_persons": """SELECT cp.*, cl.article_id FROM claim_persons cp JOIN claims cl ON cl.id = cp.claim_id
        WHERE cl.article_id IN ({}) AND cp.part = 'about' ORDER BY cp.claim_id, cp.person_id""",
}


async def _as_it_is(_: Reader, page: Sequence[Row]) -> Sequence[Row]:
    return page


async def _pages(
    database: Database,
    sql: str,
    table: str,
    limits: Limits,
    completed: Callable[[Reader, Sequence[Row]], Awaitable[Sequence[Row]]] = _as_it_is,
) -> AsyncIterator[Sequence[Row]]:
    """Yield the rows of a query that has a condition, page by page by number.

    No connection is held while a page is made use of: there are few, and others wait for them.
    """
    after: int | None = 0
    while after is not None:
        async with database.reading() as db:
            rows = await db.all(
                f"{sql} AND {table}.id > :after ORDER BY {table}.id LIMIT :page",
                after=after,
                page=PAGE,
                **limits.values,
            )
            page = await completed(db, rows)
        yield page
        after = rows[-1]["id"] if len(rows) == PAGE else None


async def _of(
    db: Reader, sql: str, page: Sequence[Row], column: str, limits: Limits | None = None
) -> Mapping[int, list[Row]]:
    """Return the rows that belong to a page's, by these numbers."""
    found: dict[int, list[Row]] = {}
    for row in await _listed(db, sql, [row["id"] for row in page], limits):
        found.setdefault(row[column], []).append(row)
    return found


async def _listed(db: Reader, sql: str, numbers: Collection[int], limits: Limits | None = None) -> list[Row]:
    """Return the rows of a query that has ``{}`` where the numbers go."""
    found: list[Row] = []
    ordered = sorted(numbers)
    for start in range(0, len(ordered), PAGE):
        part = {f"number{index}": number for index, number in enumerate(ordered[start : start + PAGE])}
        names = ", ".join(f":{name}" for name in part)
        found += await db.all(sql.format(names), **part, **(limits.values if limits else {}))
    return found
