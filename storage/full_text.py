"""Which claims or articles of a collection have certain words, those that came last first.

A full-text expression has words in quotes, several of them where they stand side by side, with ``*`` behind half a
word; AND, OR and NOT between these, and brackets. It is SQLite's (FTS5), and written anew for PostgreSQL (tsquery):
here alone each engine has a text of its own.
"""

import re
from collections.abc import Iterable

from domain.chats import CollectionId
from storage.connection import Engine, Reader
from storage.values import normalise

ARTICLES, CLAIMS = "articles", "claims"
# Of all that fits, so many of those that came last are looked at, and the newest by date of these found.
NEWEST = 200
# Half a word stands for so many of the words that begin so; with every letter more, it is for others.
BEGUN = 32
_BEGINNING = re.compile(r'"(\w+)"\*')
_TOKEN = re.compile(r'"([^"]*)"(\*?)|AND|OR|NOT|[()]')
# Two parts with no operator between them are both sought.
_SIDE_BY_SIDE = re.compile(r"(?<=['*)]) (?=['(])")
_OPERATORS = {"AND": "&", "OR": "|", "NOT": "& !"}
# The same in storage/postgres/migrations/0024_ledger.sql: no index there takes longer words.
_LONGEST = 500


async def newest(db: Reader, table: str, collection: CollectionId, match: str, most: int) -> list[int]:
    """Return the numbers of at most so many of a collection's articles, or claims, that fit ``match``.

    Half a word stands for the first of those that begin so, by their letters, or, on PostgreSQL, for all.
    """
    if db.engine is Engine.POSTGRESQL:
        return await _newest_own(db, table, collection, match, most)
    return await _newest_of_all(db, table, collection, match, most)


async def how_many_begin(db: Reader, collection: CollectionId, beginning: str, most: int) -> int:
    """Return how many of a collection's articles have a word that begins so; at most so many are counted."""
    if db.engine is Engine.POSTGRESQL:
        fitting, match = "words @@ CAST(:match AS tsquery)", as_tsquery(f'"{beginning}"*', collection)
    else:
        fitting, match = (
            "articles_search MATCH :match",
            f'search_text : "{beginning}"* AND collection_id : "{collection}"',
        )
    row = await db.one(
        f"SELECT COUNT(*) AS found FROM (SELECT 1 FROM articles_search WHERE {fitting} LIMIT :most) first",
        match=match,
        most=most,
    )
    return row["found"] if row else 0


def listed(numbers: Iterable[int]) -> str:
    """Return numbers as SQL lists them."""
    return ", ".join(map(str, numbers)) or "NULL"


def as_tsquery(match: str, collection: CollectionId) -> str:
    """Return a full-text expression as PostgreSQL's, for the words of one collection."""
    tokens = (_in_tsquery(token) for token in _TOKEN.finditer(match))
    return f"'#{collection}' & ({_SIDE_BY_SIDE.sub(' & ', ' '.join(filter(None, tokens)))})"


def _in_tsquery(token: re.Match[str]) -> str:
    if token[1] is None:
        return _OPERATORS.get(token[0], token[0])
    words = [f"'{word[:_LONGEST]}'" for word in normalise(token[1]).split()]
    phrase = " <-> ".join(words) + (":*" if token[2] and words else "")
    return f"({phrase})" if len(words) > 1 else phrase


async def _newest_own(db: Reader, table: str, collection: CollectionId, match: str, most: int) -> list[int]:
    rows = await db.all(
        f"SELECT id FROM {table}_search WHERE words @@ CAST(:match AS tsquery) ORDER BY id DESC LIMIT :most",
        match=as_tsquery(match, collection),
        most=most,
    )
    return [row["id"] for row in rows]


async def _newest_of_all(db: Reader, table: str, collection: CollectionId, match: str, most: int) -> list[int]:
    """Where those of others crowd them out, only the collection's own are looked at, which takes longer."""
    for beginning in {found[1] for found in _BEGINNING.finditer(match)}:
        match = match.replace(f'"{beginning}"*', f"({await _words(db, table, beginning)})")
    match = f"search_text : ({match})"
    found = await _fitting(db, table, collection, match, most)
    if len(found) == most and not all(found.values()):
        found = await _fitting(db, table, collection, f'{match} AND collection_id : "{collection}"', most)
    return [number for number, own in found.items() if own]


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
