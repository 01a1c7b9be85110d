"""Articles by who published them."""

from collections.abc import Sequence

from domain.chats import CollectionId
from storage.connection import Reader
from storage.origins import origin_of_name
from storage.values import normalise

# Of a collection, the articles that were read last are looked through.
_ARTICLES = 1_000


async def articles_of(db: Reader, collection: CollectionId, name: str, limit: int) -> Sequence[int]:
    """Return the numbers of the newest articles of the outlet, agency or channel of that name, newest first.

    Part of a name will do where only one outlet has it.
    """
    sought = origin_of_name(name)
    rows = await db.all(
        """SELECT a.id, a.publisher, o.origin FROM (
            SELECT id FROM articles WHERE collection_id = :collection AND settled_at IS NOT NULL
            ORDER BY settled_at DESC LIMIT :most
        ) last JOIN articles a ON a.id = last.id LEFT JOIN origins o ON o.article_id = a.id
        ORDER BY a.seen_at DESC, a.id DESC""",
        collection=collection,
        most=_ARTICLES,
    )
    exact = [row["id"] for row in rows if sought and sought in (row["origin"], origin_of_name(row["publisher"]))]
    if exact:
        return exact[:limit]
    words = set(normalise(name).removeprefix("the ").split())
    part = [row for row in rows if words and words <= set(normalise(row["publisher"] or "").split())]
    only = len({origin_of_name(row["publisher"]) for row in part}) == 1
    return [row["id"] for row in part[:limit]] if only else []


async def publishers(db: Reader, collection: CollectionId, limit: int) -> Sequence[str]:
    """Return who published most of the collection's newest articles, the most frequent first."""
    return await _most_frequent(db, collection, "publisher", limit)


async def languages(db: Reader, collection: CollectionId, limit: int) -> Sequence[str]:
    """Return in which languages (ISO 639-1) most of the collection's newest articles are, the most frequent first."""
    return await _most_frequent(db, collection, "language", limit)


async def _most_frequent(db: Reader, collection: CollectionId, column: str, limit: int) -> Sequence[str]:
    rows = await db.all(
        f"""SELECT {column} AS value FROM (
            SELECT id FROM articles WHERE collection_id = :collection AND settled_at IS NOT NULL
            ORDER BY settled_at DESC LIMIT :most
        ) last JOIN articles a ON a.id = last.id WHERE {column} <> ''
        GROUP BY {column} ORDER BY COUNT(*) DESC, {column} LIMIT :limit""",
        collection=collection,
        most=_ARTICLES,
        limit=limit,
    )
    return [row["value"] for row in rows]
