"""Chats hear of corrections of what they were told."""

from domain.corrections import Correction, CorrectionState
from services import Services
from storage import chats, corrections, told
from storage.told import ToldMessage


async def due(services: Services, chat: int, correction: int, *, undone: bool) -> Correction | None:
    """Return the correction that a chat is to hear of, None where that is not so any more."""
    async with services.database.reading() as db:
        known = await chats.find(db, chat)
        found = await corrections.find(db, known.collection, correction) if known else None
    wanted = CorrectionState.UNDONE if undone else CorrectionState.STANDING
    return found if found is not None and found.state is wanted else None


async def sent(services: Services, chat: int, message: int, thread_id: int | None, correction: int) -> None:
    """Keep which message told a chat of a correction."""
    async with services.database.transaction() as db:
        topic = {"kind": "correction", "correction": correction}
        await told.keep(db, ToldMessage(chat, message, thread_id), topic, (), services.clock())
