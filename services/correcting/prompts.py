"""Questions of ours that wait for an answer: what each is about is kept with its message."""

from collections.abc import Mapping
from typing import Any

from services import Services
from services.correcting import candidates, making
from storage import told
from storage.told import ToldMessage

KIND, ENDED = "prompt", "answered prompt"


async def remember(
    services: Services, chat: int, message: int, thread_id: int | None, topic: Mapping[str, Any]
) -> None:
    """Keep what a question of ours was about (plain JSON values)."""
    async with services.database.transaction() as db:
        await told.keep(db, ToldMessage(chat, message, thread_id), {"kind": KIND, **topic}, (), services.clock())


async def end(services: Services, chat: int, message: int) -> None:
    """Keep that a question of ours waits for no answer any more."""
    async with services.database.transaction() as db:
        await told.keep(db, ToldMessage(chat, message, None), {"kind": ENDED}, (), services.clock())


async def about(services: Services, chat: int, topic: Mapping[str, Any]) -> str | None:
    """Return what a question of ours is about, in words of the archive as they are now; None where it is gone."""
    number = topic["number"]
    if topic["ask"] == "same":
        known = await candidates.person(services, chat, number)
        return known.name if known else None
    found = await making.correctable(services, chat, topic["article"])
    if found is None:
        return None
    match topic["ask"]:
        case "speaker":
            return next((claim.text for claim in found.claims if claim.id == number), None)
        case "person":
            return next((person.name for person in found.people if person.id == number), None)
        case _:
            return found.article.headline or "this article"


async def asked(services: Services, chat: int, message: int) -> Mapping[str, Any] | None:
    """Return what a message of ours asked, None where it asked nothing."""
    async with services.database.reading() as db:
        topic = await told.find(db, chat, message)
    return topic if topic is not None and topic.get("kind") == KIND else None
