"""Questions of ours that wait for an answer: what each is about is kept with its message."""

from collections.abc import Mapping
from typing import Any

from services import Services
from storage import told
from storage.told import ToldMessage

KIND = "prompt"


async def remember(
    services: Services, chat: int, message: int, thread_id: int | None, topic: Mapping[str, Any]
) -> None:
    """Keep what a question of ours was about (plain JSON values)."""
    async with services.database.transaction() as db:
        await told.keep(db, ToldMessage(chat, message, thread_id), {"kind": KIND, **topic}, (), services.clock())


async def asked(services: Services, chat: int, message: int) -> Mapping[str, Any] | None:
    """Return what a message of ours asked, None where it asked nothing."""
    async with services.database.reading() as db:
        topic = await told.find(db, chat, message)
    return topic if topic is not None and topic.get("kind") == KIND else None
