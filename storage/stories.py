"""Stories: which articles are told together, and by what others about the same are found."""

from collections.abc import Collection, Mapping, Sequence

from domain.chats import CollectionId
from domain.ledger import ArticleReference, StoryReference
from storage.articles import FIRST_FORWARD, REFERENCE_COLUMNS, reference
from storage.connection import Reader, Row, Writer
from storage.keys import held
from storage.origins import count_origins
from storage.values import bound

Keys = Mapping[int, float]
# Of articles that share a key, so many are looked at; a key that more have says little.
MOST_SHARING = 100
# The headline is looked for among so many, the first ones.
_FIRST_ONES = 50


async def keep_keys(db: Writer, collection: CollectionId, article: int, day: int, keys: Keys) -> None:
    """Keep what an article is about, in place of what was kept."""
    await db.run("DELETE FROM story_keys WHERE article_id = :article", article=article)
    await db.run_many(
        """INSERT INTO story_keys (collection_id, key, day, article_id, weight)
        VALUES (:collection, :key, :day, :article, :weight)""",
        [
            {"collection": collection, "key": key, "day": day, "article": article, "weight": weight}
            for key, weight in keys.items()
        ],
    )


async def sharing(
    db: Reader, collection: CollectionId, keys: Collection[int], first_day: int, last_day: int
) -> Mapping[int, Sequence[int]]:
    """Return by key the articles of some days that have it, at most ``MOST_SHARING``, newest first."""
    shared = await held(db, "story_keys", collection, keys, first_day, last_day)
    named = {f"key{index}": key for index, key in enumerate(sorted(shared))}
    if not named:
        return {}
    parts = (
        f"""SELECT * FROM (SELECT key, article_id FROM story_keys
        WHERE collection_id = :collection AND key = :{name} AND day BETWEEN :first_day AND :last_day
        ORDER BY day DESC LIMIT :most) chosen"""
        for name in named
    )
    rows = await db.all(
        " UNION ALL ".join(parts),
        collection=collection,
        first_day=first_day,
        last_day=last_day,
        most=MOST_SHARING,
        **named,
    )
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row["key"], []).append(row["article_id"])
    return found


async def keys_of(db: Reader, articles: Sequence[int]) -> Mapping[int, Keys]:
    """Return by article what it is about."""
    named = {f"article{index}": article for index, article in enumerate(articles)}
    rows = await db.all(f"SELECT article_id, key, weight FROM story_keys WHERE article_id IN ({bound(named)})", **named)
    found: dict[int, dict[int, float]] = {article: {} for article in articles}
    for row in rows:
        found[row["article_id"]][row["key"]] = row["weight"]
    return found


async def languages_of(db: Reader, articles: Sequence[int]) -> Mapping[int, str | None]:
    """Return by article its language."""
    named = {f"article{index}": article for index, article in enumerate(articles)}
    rows = await db.all(f"SELECT id, language FROM articles WHERE id IN ({bound(named)})", **named)
    return {row["id"]: row["language"] for row in rows}


async def count_of_days(db: Reader, collection: CollectionId, first_day: int, last_day: int, most: int) -> int:
    """Return how many articles of some days are in a story, that of one included, ``most`` where there are more."""
    row = await db.one(
        """SELECT COUNT(*) AS articles FROM (
            SELECT 1 FROM story_articles
            WHERE collection_id = :collection AND day BETWEEN :first_day AND :last_day LIMIT :most
        ) s""",
        collection=collection,
        first_day=first_day,
        last_day=last_day,
        most=most,
    )
    return row["articles"] if row else 0


async def add(db: Writer, collection: CollectionId) -> int:
    """Return the number of a new story; it goes when its last article leaves it."""
    row = await db.one("INSERT INTO stories (collection_id) VALUES (:collection) RETURNING id", collection=collection)
    assert row is not None  # noqa: S101  # RETURNING gives the row it inserted
    number: int = row["id"]
    return number


async def place(db: Writer, collection: CollectionId, article: int, day: int, story: int) -> None:
    """Put an article into a story, and out of the one that it was in."""
    await db.run(
        """INSERT INTO story_articles (article_id, story_id, collection_id, day)
        VALUES (:article, :story, :collection, :day)
        ON CONFLICT (article_id) DO UPDATE SET story_id = excluded.story_id, collection_id = excluded.collection_id,
            day = excluded.day""",
        article=article,
        story=story,
        collection=collection,
        day=day,
    )


async def move_reprints(db: Writer, article: int, story: int) -> None:
    """Put the reprints of an article into its story."""
    await db.run(
        """UPDATE story_articles SET story_id = :story
        WHERE article_id IN (SELECT article_id FROM reprints WHERE reprint_of = :article) AND story_id <> :story""",
        article=article,
        story=story,
    )


async def withdraw(db: Writer, article: int) -> None:
    """Take an article out of its story."""
    await db.run("DELETE FROM story_articles WHERE article_id = :article", article=article)
    await db.run("DELETE FROM story_keys WHERE article_id = :article", article=article)


async def stories_of(db: Reader, articles: Collection[int]) -> Mapping[int, int]:
    """Return by article the number of its story."""
    named = {f"article{index}": article for index, article in enumerate(sorted(articles))}
    rows = await db.all(
        f"SELECT article_id, story_id FROM story_articles WHERE article_id IN ({bound(named)})", **named
    )
    return {row["article_id"]: row["story_id"] for row in rows}


async def members(db: Reader, story: int) -> Sequence[int]:
    """Return the articles of a story, newest first."""
    rows = await db.all(
        "SELECT article_id FROM story_articles WHERE story_id = :story ORDER BY day DESC, article_id DESC", story=story
    )
    return [row["article_id"] for row in rows]


async def find(db: Reader, collection: CollectionId, story: int) -> StoryReference | None:
    """Return a story of the collection: it goes by the headline of its article with most reprints, or the first."""
    rows = await db.all(
        """SELECT a.id, a.headline FROM story_articles s JOIN articles a ON a.id = s.article_id
        WHERE s.story_id = :story AND a.collection_id = :collection ORDER BY s.day, s.article_id""",
        story=story,
        collection=collection,
    )
    if not rows:
        return None
    headline = await _headline(db, [row for row in rows if row["headline"]][:_FIRST_ONES])
    return StoryReference(story, headline, len(rows), await count_origins(db, [row["id"] for row in rows]))


async def page(db: Reader, collection: CollectionId, story: int, limit: int, offset: int) -> Sequence[ArticleReference]:
    """Return articles of a story of the collection, newest first."""
    rows = await db.all(
        f"""SELECT {REFERENCE_COLUMNS} FROM story_articles s JOIN articles a ON a.id = s.article_id {FIRST_FORWARD}
        WHERE s.story_id = :story AND a.collection_id = :collection
        ORDER BY a.seen_at DESC, a.id DESC LIMIT :limit OFFSET :offset""",
        story=story,
        collection=collection,
        limit=limit,
        offset=offset,
    )
    return [reference(row) for row in rows]


async def _headline(db: Reader, rows: Sequence[Row]) -> str:
    """Return the headline that most articles stand for, the first one of those."""
    named = {f"article{index}": row["id"] for index, row in enumerate(rows)}
    if not rows:
        return ""
    counted = await db.all(
        f"""SELECT reprint_of, COUNT(*) AS copies FROM reprints
        WHERE reprint_of IN ({bound(named)}) GROUP BY reprint_of""",
        **named,
    )
    copies = {row["reprint_of"]: row["copies"] for row in counted}
    headline: str = max(rows, key=lambda row: copies.get(row["id"], 0))["headline"]
    return headline
