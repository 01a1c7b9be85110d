"""Updates of Telegram's, committed to the queue before they are acknowledged, whichever way they come."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from domain.jobs import JobKind, NewJob
from services.waiting import lane_of_updates
from storage.queue import Queue

# SQL's numbers have 64 bits.
HIGHEST = 1 << 63

log = structlog.get_logger()

RawUpdate = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inbox:
    """Where the updates of one bot, known by its number, are kept."""

    queue: Queue
    bot: int
    kept: Callable[[Sequence[RawUpdate]], None] | None = None
    """Told of what is new."""

    async def keep(self, updates: Sequence[RawUpdate]) -> None:
        """Commit updates, each once."""
        if not updates:
            return
        new = await self.queue.receive([self._job(update) for update in updates])
        if self.kept is not None:
            self.kept([job.payload for job in new])
        log.debug("updates are kept", action="updates.kept", received=len(updates), new=len(new))

    def _job(self, update: RawUpdate) -> NewJob:
        key = f"update:{self.bot}:{update['update_id']}"
        sender = owner_of(update)
        lane = lane_of_updates(chat_of(update), sender)
        return NewJob(JobKind.UPDATE, key, dict(update), lane=lane, owner=sender)


class GatheringInbox:
    """Commits together what comes at the same time: a commit waits for the disk once, however much is in it."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._one_at_a_time = asyncio.Lock()
        self._gathered: list[RawUpdate] = []
        self._commit: asyncio.Task[None] | None = None

    async def keep(self, update: RawUpdate) -> None:
        """Commit an update, once; raises whatever the database raises, to all whose updates were in the commit."""
        self._gathered.append(update)
        if self._commit is None:
            self._commit = asyncio.create_task(self._keep_all())
        # Who is called off leaves the others' updates in it.
        await asyncio.shield(self._commit)

    async def _keep_all(self) -> None:
        async with self._one_at_a_time:
            updates, self._gathered, self._commit = self._gathered, [], None
            await self._inbox.keep(updates)


def chat_of(update: RawUpdate) -> int | None:
    """Return the chat that an update comes from, or else the user; None for what has neither.

    What one sends there is handled in order: others need not wait until all of it is.
    """
    content = _content(update)
    return _number(content.get("message"), "chat", "from") or _number(content, "chat", "from")


def owner_of(update: RawUpdate) -> int:
    """Return who has done what an update tells of: a user, or a chat that posts as such; 0 for neither."""
    return _number(_content(update), "sender_chat", "from", "chat") or 0


def _content(update: RawUpdate) -> Mapping[str, Any]:
    return next((value for key, value in update.items() if key != "update_id" and isinstance(value, Mapping)), {})


def _number(place: object, *names: str) -> int | None:
    parts = (place.get(name) for name in names) if isinstance(place, Mapping) else ()
    numbers = (part.get("id") for part in parts if isinstance(part, Mapping))
    return next((number for number in numbers if isinstance(number, int) and abs(number) < HIGHEST), None)
