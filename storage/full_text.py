"""Which claims or articles of a collection have certain words, those that came last first.

A full-text expression for their indexes has words in quotes, with ``*`` behind half a word.
"""

import re
from collections.abc import Iterable

from domain.chats import CollectionId
from storage.connection import Reader

ARTICLES, CLAIMS = "articles", "claims"
# Of all that fits, so many of those that came last are looked at, and the newest by date of these found.
NEWEST = 200
# Half a word stands for so many of the words that begin so; with every letter more, it is for others.
BEGUN = 32
_BEGINNING = re.compile(r'"(\w+)"\*')


async def newest(db: Reader, table: str, collection: CollectionId, match: str, most: int) -> list[int]:
    """Return the numbers of at most so many of a collection's articles, or claims, that fit ``match``.

    Where those of others crowd them out, only its own are looked at, which takes longer.
    """
    for beginning in {found[1] for found in _BEGINNING.finditer(match)}:
        match = match.replace(f'"{beginning}"*', f"({await _words(db, table, beginning)})")
    match = f"search_text : ({match})"
    found = await _fitting(db, table, collection, match, most)
    if len(found) == most and not all(found.values()):
        found = await _fitting(db, table, collection, f'{match} AND collection_id : "{collection}"', most)
    return [number for number, own in found.items() if own]


def listed(numbers: Iterable[int]) -> str:
    """Return numbers as SQL lists them."""
    return ", ".join(map(str, numbers)) or "NULL"


async def _fitting(db: Reader, table: str, collection: CollectionId, match: str, most: int) -> dict[int, bool]:
    """Return the rows that came last of those that fit, and whether they are of the collection."""
    rows = await db.all(
        f"""SELECT t.id, t.collection_id = :collection AS own FROM (
            SELECT rowid AS id FROM {table}_search WHERE {table}_search MATCH :match ORDER BY rowid DESC LIMIT :most
        ) last CROSS JOIN {table} t ON t.id = last.id ORDER BY t.id DESC""",
        collection=collection,
        match=match,
        most=most,
    )
    return {row["id"]: bool(row["own"]) for row in rows}


async def _words(db: Reader, table: str, beginning: str) -> str:
    """Return an expression for the words that begin so.

    The index would gather all that is behind each of them; words by themselves are read from their last place on.
    """
    rows = await db.all(
        # From one word to the next, whose letters are those of this one and at least a digit.
        f"""WITH RECURSIVE begun (term, number) AS (
            SELECT (SELECT term FROM {table}_words WHERE term >= :beginning AND term <= :behind LIMIT 1), 1
            UNION ALL
            SELECT (SELECT term FROM {table}_words WHERE term >= begun.term || '0' AND term <= :behind LIMIT 1),
                number + 1
            FROM begun WHERE term IS NOT NULL AND number < :most
        ) SELECT term FROM begun WHERE term IS NOT NULL""",
        beginning=beginning,
        # Indexed words are made of lower-case Latin letters and digits.
        behind=f"{beginning}~",
        most=BEGUN,
    )
    return " OR ".join(f'"{row["term"]}"' for row in rows) or f'"{beginning}"'
