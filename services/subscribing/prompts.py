"""Questions of ours about a wish that are answered by writing, or by sharing a place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services import Services
from storage import told
from storage.told import ToldMessage

KIND, ENDED = "wish prompt", "answered wish prompt"
# How long a place that is shared is taken for the answer to a question of ours.
_OPEN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question: what it ``asks`` for, about which subscription, whom, and which ``message`` shows the wish."""

    asks: str
    subscription: int
    user: int
    message: int
    number: int = 0
    """The message that asks."""


async def remember(services: Services, chat: int, thread_id: int | None, prompt: Prompt) -> None:
    """Keep what a message of ours asks."""
    topic = {
        "kind": KIND,
        "ask": prompt.asks,
        "subscription": prompt.subscription,
        "by": prompt.user,
        "shown": prompt.message,
        "number": prompt.number,
    }
    async with services.database.transaction() as db:
        await told.keep(db, ToldMessage(chat, prompt.number, thread_id), topic, (), services.clock())


async def asked(services: Services, chat: int, message: int) -> Prompt | None:
    """Return what a message of ours asks, None where it asks nothing (any more)."""
    async with services.database.reading() as db:
        topic = await told.find(db, chat, message)
    return _prompt(topic) if topic is not None else None


async def open_one(services: Services, chat: int, asks: str) -> Prompt | None:
    """Return the last question for one thing that waits for its answer in a chat."""
    async with services.database.reading() as db:
        topics = await told.topics(db, chat, services.clock() - _OPEN)
    waiting = [prompt for topic in topics if (prompt := _prompt(topic)) is not None and prompt.asks == asks]
    return max(waiting, key=lambda prompt: prompt.number, default=None)


async def end(services: Services, chat: int, prompt: Prompt) -> None:
    """Keep that a question of ours waits for no answer any more."""
    async with services.database.transaction() as db:
        await told.keep(db, ToldMessage(chat, prompt.number, None), {"kind": ENDED}, (), services.clock())


def _prompt(topic: Mapping[str, Any]) -> Prompt | None:
    if topic.get("kind") != KIND:
        return None
    return Prompt(topic["ask"], topic["subscription"], topic["by"], topic["shown"], topic["number"])
