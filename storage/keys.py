"""Keys, numbers that stand for words, by which claims and articles of some days are found again."""

from collections.abc import Collection

from domain.chats import CollectionId
from storage.connection import Reader

# The most keys that one query names.
_AT_ONCE = 400


async def held(
    db: Reader, table: str, collection: CollectionId, keys: Collection[int], first_day: int, last_day: int
) -> set[int]:
    """Return which of the keys a ``table`` of keys has at all, in a collection and some days.

    Most of an article's keys are nobody else's, and to look for those who share a key costs several times as much.
    """
    found: set[int] = set()
    ordered = sorted(keys)
    for start in range(0, len(ordered), _AT_ONCE):
        names = {f"k{index}": key for index, key in enumerate(ordered[start : start + _AT_ONCE])}
        wanted = ", ".join(f"(:{name})" for name in names)
        rows = await db.all(
            f"""WITH wanted (key) AS (VALUES {wanted}) SELECT w.key FROM wanted w WHERE EXISTS (
                SELECT 1 FROM {table} t
                WHERE t.collection_id = :collection AND t.key = w.key AND t.day BETWEEN :first_day AND :last_day
            )""",
            collection=collection,
            first_day=first_day,
            last_day=last_day,
            **names,
        )
        found |= {row["key"] for row in rows}
    return found
