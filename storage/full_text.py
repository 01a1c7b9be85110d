"""Full-text expressions for the indexes of articles and claims: words in quotes, ``*`` behind half a word."""

import re

from storage.connection import Reader

# Of all that fits, so many of those that came last are looked at, and the newest by date of these found.
NEWEST = 500
# A word of more claims than this is looked for as it is, and so is one of few letters in a collection of more:
# all words that begin with it would take too long.
MOST_CLAIMS = 2_000
SHORTEST_BEGINNING = 3
_BEGINNING = re.compile(r'"(\w+)"\*')


async def within(db: Reader, collection: int, match: str) -> str:
    """Return an expression for what fits ``match`` and belongs to the collection."""
    for word in {found[1] for found in _BEGINNING.finditer(match)}:
        if not await _may_be_half(db, collection, word):
            match = match.replace(f'"{word}"*', f'"{word}"')
    return f"search_text : ({match}) AND {_of(collection)}"


async def _may_be_half(db: Reader, collection: int, word: str) -> bool:
    fits = _of(collection)
    if len(word) >= SHORTEST_BEGINNING:
        fits = f'search_text : "{word}" AND {fits}'
    row = await db.one(
        "SELECT rowid FROM claims_search WHERE claims_search MATCH :fits ORDER BY rowid DESC LIMIT 1 OFFSET :most",
        fits=fits,
        most=MOST_CLAIMS,
    )
    return row is None


def _of(collection: int) -> str:
    return f'collection_id : "{collection}"'
