"""Who put what right: the log of corrections, newest first, and the edits of an article's text."""

import asyncio

from domain.chats import CollectionId
from domain.correcting import Edit, History, HistoryEntry
from domain.corrections import Correction
from domain.differences import changes
from services import Services
from services.access import Right, allowed
from storage import articles, corrections, messages
from storage.connection import Reader

PAGE = 8


async def history(services: Services, chat: int, page: int = 0, article: int | None = None) -> History:
    """Return a page, counted from 0, of what was corrected in the chat's collection, or in one of its articles."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        if known is None:
            return History((), 0, has_older=False)
        found = await corrections.latest(db, known.collection, PAGE + 1, page * PAGE, article)
        entries = [await _entry(db, known.collection, each) for each in found[:PAGE]]
        stored = await articles.find(db, known.collection, article) if article is not None else None
        versions = await articles.versions(db, article) if stored and article is not None else []
    texts = [*(body for _, body in versions), stored.body if stored else ""]
    edits = [
        Edit(at, await asyncio.to_thread(changes, texts[index], texts[index + 1]))
        for index, (at, _) in enumerate(versions)
    ]
    return History(
        tuple(entries), page, len(found) > PAGE, stored.reference if stored else None, tuple(reversed(edits))
    )


async def article_shown(services: Services, chat: int, message: int) -> int | None:
    """Return the article that a message of the chat shows or brought."""
    async with services.database.reading() as db:
        return await articles.shown_by(db, chat, message) or await messages.article_of(db, chat, message)


async def _entry(db: Reader, collection: CollectionId, correction: Correction) -> HistoryEntry:
    article = correction.new.article
    stored = await articles.find(db, collection, article) if article is not None else None
    return HistoryEntry(correction, stored.reference if stored else None)
