"""Full-text expressions for the indexes of articles and claims: words in quotes, ``*`` behind half a word."""

import re
from collections.abc import Awaitable, Callable, Sequence

from storage.connection import Reader, Row

# Of all that fits, so many of those that came last are looked at, and the newest by date of these found.
NEWEST = 200
# A word of more claims than this is looked for as it is, and so is one of few letters in a collection of more:
# all words that begin with it would take too long.
MOST_CLAIMS = 2_000
SHORTEST_BEGINNING = 3
_BEGINNING = re.compile(r'"(\w+)"\*')


async def newest(
    db: Reader,
    collection: int,
    match: str,
    limit: int,
    look: Callable[[str], Awaitable[Sequence[Row]]],
) -> Sequence[Row]:
    """Return what ``look`` finds by an expression for what fits ``match``.

    Where the words of others crowd out those of the collection, only its own are looked at, which takes longer.
    """
    for word in {found[1] for found in _BEGINNING.finditer(match)}:
        if await _is_no_beginning(db, word):
            match = match.replace(f'"{word}"*', f'"{word}"')
    rows = await look(f"search_text : ({match})")
    if len(rows) < limit and await _are_more(db, match, NEWEST):
        return await look(f'search_text : ({match}) AND collection_id : "{collection}"')
    return rows


async def _is_no_beginning(db: Reader, word: str) -> bool:
    if len(word) >= SHORTEST_BEGINNING:
        return await _are_more(db, f'"{word}"', MOST_CLAIMS)
    return await db.one("SELECT id FROM claims ORDER BY id LIMIT 1 OFFSET :most", most=MOST_CLAIMS) is not None


async def _are_more(db: Reader, match: str, count: int) -> bool:
    """Return whether more than so many claims fit."""
    row = await db.one(
        "SELECT rowid FROM claims_search WHERE claims_search MATCH :match ORDER BY rowid DESC LIMIT 1 OFFSET :count",
        match=f"search_text : ({match})",
        count=count,
    )
    return row is not None
