"""Chats hear of corrections of what they were told."""

from collections.abc import Sequence

from domain.corrections import Correction, CorrectionState
from domain.jobs import JobKind, NewJob
from services import Services
from services.access import Right, allowed
from storage import articles, corrections, told
from storage.connection import Reader
from storage.told import ToldMessage

KIND = "correction"


async def due(services: Services, chat: int, correction: int, *, undone: bool) -> Correction | None:
    """Return the correction that a chat is to hear of, None where that is not so any more.

    Of its end hears whoever has heard of it.
    """
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await corrections.find(db, known.collection, correction) if known else None
        if found is None:
            return None
        topics = await told.topics(db, chat, found.made_at) if undone else ()
    if undone:
        heard = any(topic.get("kind") == KIND and topic["correction"] == correction for topic in topics)
        return found if heard and found.state is CorrectionState.UNDONE else None
    return found if found.state is CorrectionState.STANDING else None


async def reopened_jobs(db: Reader, collection: int, correction: Correction) -> Sequence[NewJob]:
    """Return the job that tells whoever made a correction here that it has ceased to hold, as the text changed."""
    article, chat = correction.new.article, correction.new.editor.chat
    known = await allowed(db, chat, Right.READ)
    if article is None or known is None or known.collection != collection:
        return ()
    if await corrections.is_restored(db, correction.id):
        return ()
    message = await articles.card_message(db, article, chat)
    lane = f"correction:{correction.id}:{chat}"
    payload = {"what": "reopened", "correction": correction.id, "chat": chat, "message": message}
    return [NewJob(JobKind.SEND, f"{lane}:reopened", payload, lane)]


async def reopened(services: Services, chat: int, correction: int) -> Correction | None:
    """Return a correction that has ceased to hold, as the text changed; None where its article is forgotten since."""
    async with services.database.reading() as db:
        known = await allowed(db, chat, Right.READ)
        found = await corrections.find(db, known.collection, correction) if known else None
        if known is None or found is None or found.state is not CorrectionState.REOPENED or found.new.article is None:
            return None
        return found if await articles.find(db, known.collection, found.new.article) else None


async def sent(services: Services, chat: int, message: int, thread_id: int | None, correction: int) -> None:
    """Keep which message told a chat of a correction."""
    async with services.database.transaction() as db:
        topic = {"kind": KIND, "correction": correction}
        await told.keep(db, ToldMessage(chat, message, thread_id), topic, (), services.clock())
