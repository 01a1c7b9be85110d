"""Where words stand in the collection."""

from domain.chats import CollectionId
from domain.ledger import Finds
from services.asking.people import words_of
from storage import articles, claims
from storage.connection import Reader

PAGE = 5


async def finds(db: Reader, collection: CollectionId, words: str, page: int) -> Finds:
    """Return a page of the claims and articles that have all the words, newest first; the last may be half a word."""
    match = full_text_expression(words)
    if not match:
        return Finds(words, (), ())
    start, end = page * PAGE, (page + 1) * PAGE
    found = await claims.search(db, collection, match, limit=end + 1)
    stand_in = await articles.search(db, collection, match, limit=end + 1)
    older = max(len(found), len(stand_in)) > end
    return Finds(words, tuple(found[start:end]), tuple(stand_in[start:end]), page, older)


def full_text_expression(words: str) -> str:
    """Return an expression that asks for every word; quoted, so that no word is taken for an operator."""
    return " AND ".join(f'"{word}"*' for word in words_of(words))
