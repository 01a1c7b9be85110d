"""Full-text expressions for the indexes of articles and claims: words in quotes, ``*`` behind half a word."""

import re
from collections.abc import Awaitable, Callable, Sequence

from storage.connection import Reader, Row

ARTICLES, CLAIMS = "articles_search", "claims_search"
# Of all that fits, so many of those that came last are looked at, and the newest by date of these found.
NEWEST = 200
# A word of more claims than this is looked for as it is, and so is one of few letters in a collection of more:
# all words that begin with it would take too long.
MOST_CLAIMS = 2_000
SHORTEST_BEGINNING = 3
# All words that begin as one does are looked for together with it unless they stand in more places than this.
MOST_PLACES = 5_000
_BEGINNING = re.compile(r'"(\w+)"\*')
_WORD_OR_BEGINNING = re.compile(r'\("(\w+)"\* OR ([^()]*)\)')


async def newest(
    db: Reader,
    table: str,
    collection: int,
    match: str,
    limit: int,
    look: Callable[[str], Awaitable[Sequence[Row]]],
) -> Sequence[Row]:
    """Return what ``look`` finds in a full-text ``table`` by an expression for what fits ``match``.

    Of ``("begin"* OR "beginning")``, the word alone is looked for where the beginning would take too long. Where the
    words of others crowd out those of the collection, only its own are looked at, which takes longer.
    """
    for either in set(_WORD_OR_BEGINNING.finditer(match)):
        if await _begins_many(db, either[1]):
            match = match.replace(either[0], f"({either[2]})")
    for word in {found[1] for found in _BEGINNING.finditer(match)}:
        if await _is_no_beginning(db, word):
            match = match.replace(f'"{word}"*', f'"{word}"')
    rows = await look(f"search_text : ({match})")
    if len(rows) < limit and await _are_more(db, table, match, NEWEST):
        return await look(f'search_text : ({match}) AND collection_id : "{collection}"')
    return rows


async def _is_no_beginning(db: Reader, word: str) -> bool:
    if len(word) >= SHORTEST_BEGINNING:
        return await _are_more(db, CLAIMS, f'"{word}"', MOST_CLAIMS)
    return await db.one("SELECT id FROM claims ORDER BY id LIMIT 1 OFFSET :most", most=MOST_CLAIMS) is not None


async def _begins_many(db: Reader, beginning: str) -> bool:
    row = await db.one(
        """SELECT 1 AS found FROM claims_words WHERE term >= :beginning AND term <= :behind
        LIMIT 1 OFFSET :most""",
        beginning=beginning,
        # Indexed words are made of lower-case Latin letters and digits.
        behind=f"{beginning}~",
        most=MOST_PLACES,
    )
    return row is not None


async def _are_more(db: Reader, table: str, match: str, count: int) -> bool:
    """Return whether more than so many rows of a full-text table fit."""
    row = await db.one(
        f"SELECT rowid FROM {table} WHERE {table} MATCH :match ORDER BY rowid DESC LIMIT 1 OFFSET :count",
        match=f"search_text : ({match})",
        count=count,
    )
    return row is not None
