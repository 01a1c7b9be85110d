"""Chats hear of corrections of what they were told."""

from domain.corrections import Correction, CorrectionState
from services import Services
from storage import chats, corrections, told
from storage.told import ToldMessage

KIND = "correction"


async def due(services: Services, chat: int, correction: int, *, undone: bool) -> Correction | None:
    """Return the correction that a chat is to hear of, None where that is not so any more.

    Of its end hears whoever has heard of it.
    """
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
        found = await corrections.find(db, known.collection, correction) if known else None
        if found is None:
            return None
        topics = await told.topics(db, chat, found.made_at) if undone else ()
    if undone:
        heard = any(topic.get("kind") == KIND and topic["correction"] == correction for topic in topics)
        return found if heard and found.state is CorrectionState.UNDONE else None
    return found if found.state is CorrectionState.STANDING else None


async def sent(services: Services, chat: int, message: int, thread_id: int | None, correction: int) -> None:
    """Keep which message told a chat of a correction."""
    async with services.database.transaction() as db:
        topic = {"kind": KIND, "correction": correction}
        await told.keep(db, ToldMessage(chat, message, thread_id), topic, (), services.clock())
